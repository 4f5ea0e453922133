"""What a later record may be to an earlier one, and how people read it."""

TIES = {
    "alcance": "alcance",
    "reiteracion": "reiteración",
    "recurso": "recurso",
    "respuesta": "respuesta",
    "relacionado": "relacionado",
}
"""It adds to it, repeats it, is against its answer, answers a letter of ours, has to do with it."""
