"""A fit to tidy tables, one quantity a file."""

from ipdma._front import front_door

front_door(
    __name__,
    {
        "summarize": "ipdma.summaries.summary",
        "tables": "ipdma.summaries.tables",
        "pooled_effect": "ipdma.summaries.pooled_effect",
        "new_trial_effect": "ipdma.summaries.pooled_effect",
        "benefit": "ipdma.summaries.pooled_effect",
        "trial_effects": "ipdma.summaries.trial_effects",
        "interactions": "ipdma.summaries.interactions",
        "curve_points": "ipdma.summaries.curve_points",
        "main_curve_numbers": "ipdma.summaries.curve_numbers",
        "shift_curve_numbers": "ipdma.summaries.curve_numbers",
        "profile_contrasts": "ipdma.summaries.profile_contrasts",
        "profile_effect": "ipdma.summaries.profile_effect",
        "flow": "ipdma.summaries.flow",
        "claim_refits": "ipdma.summaries.claim_refits",
    },
)
