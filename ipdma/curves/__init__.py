"""Curves over number of doses, dose and timing; they know nothing of trials."""

from ipdma._front import front_door

front_door(
    __name__,
    {
        "Linear": "ipdma.curves.linear",
        "Plateau": "ipdma.curves.plateau",
        "LogLinear": "ipdma.curves.log_linear",
        "Hinge": "ipdma.curves.hinge",
        "MAIN_CURVES": "ipdma.curves.registry",
        "SHIFT_CURVES": "ipdma.curves.registry",
    },
)
