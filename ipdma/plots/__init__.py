"""Tables to figures; nothing is computed here but coordinates."""

from ipdma._front import front_door

front_door(__name__, {"forest": "ipdma.plots.forest", "curve": "ipdma.plots.curve"})
