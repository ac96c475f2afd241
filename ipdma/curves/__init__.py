"""Curves over number of doses, dose and timing; they know nothing of trials."""

from ipdma._front import front_door

front_door(
    __name__,
    {
        "Linear": "ipdma.curves.linear",
        "Log": "ipdma.curves.log",
        "Plateau": "ipdma.curves.plateau",
        "Emax": "ipdma.curves.emax",
        "BrokenLine": "ipdma.curves.broken_line",
        "Quadratic": "ipdma.curves.quadratic",
        "Spline": "ipdma.curves.spline",
        "Categorical": "ipdma.curves.categorical",
        "LogLinear": "ipdma.curves.log_linear",
        "Hinge": "ipdma.curves.hinge",
        "Window": "ipdma.curves.window",
        "EmaxShift": "ipdma.curves.emax_shift",
        "CategoricalShift": "ipdma.curves.categorical_shift",
        "PrePost": "ipdma.curves.pre_post",
        "Levelling": "ipdma.curves.levelling",
        "MAIN_CURVES": "ipdma.curves.registry",
        "SHIFT_CURVES": "ipdma.curves.registry",
    },
)
