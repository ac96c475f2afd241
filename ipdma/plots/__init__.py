"""Tables to figures; nothing is computed here but coordinates."""

from ipdma._front import front_door

front_door(
    __name__,
    {
        "forest": "ipdma.plots.forest",
        "curve": "ipdma.plots.curve",
        "levels": "ipdma.plots.levels",
        "side_by_side": "ipdma.plots.side_by_side",
        "tau": "ipdma.plots.tau",
        "control_arm": "ipdma.plots.control_arm",
        "interactions": "ipdma.plots.interactions",
        "availability": "ipdma.plots.availability",
        "flow": "ipdma.plots.flow",
        "specification": "ipdma.plots.specification",
        "claim_specification": "ipdma.plots.claim_specification",
        "EffectAxis": "ipdma.plots.effect_axis",
    },
)
