"""What the town hall may answer instead of doing what it was asked: typed, translated once by the web."""


class Refusal(Exception):
    """A rule said no: nothing was recorded, and the sentence says what to do next."""


class Invalid(Refusal):
    """What was given cannot be accepted as it is; `fields` maps a field's name to its sentences."""

    def __init__(self, sentence: str, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(sentence)
        self.fields = fields or {}


class Forbidden(Refusal):
    """The actor may not do this; shown exactly like `NotFound`, so that nothing is learnt."""


class NotFound(Refusal):
    """There is no such thing."""


class ChangedMeanwhile(Refusal):
    """Somebody else wrote first; what was typed is kept and to be decided again."""


class AlreadyTaken(Refusal):
    """Somebody else already holds this name or reference."""


class Erased(Refusal):
    """The thing existed and was erased: its key is gone, its audit line stays."""


class NotNow(Refusal):
    """The state of the thing does not allow it (any more); the text is a French sentence for the screen."""
