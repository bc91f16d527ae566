"""What comes in as plain data and is malformed is refused with where and why; nothing else ever comes out."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import domain.events  # noqa: F401 - fills the registry
from domain.conversion import LARGEST_INTEGER
from domain.errors import InvalidEvent
from domain.event import DECLARATIONS, Commitment, payload_of
from domain.events.surveys import SurveyAnswered
from domain.words import SurveyScale

RATING = {"survey": "s1", "scale": "rating_1_5", "score": 5}


def refused(name: Any, fields: Any) -> InvalidEvent:
    with pytest.raises(InvalidEvent) as refusal:
        payload_of(name, fields)
    return refusal.value


def rating(**changes: Any) -> dict[str, Any]:
    return {**RATING, **changes}


def test_plain_data_becomes_a_payload() -> None:
    assert payload_of("survey.answered", RATING) == SurveyAnswered(survey="s1", scale=SurveyScale.RATING_1_5, score=5)


@pytest.mark.parametrize("name", ["reply.invented", "", "ReplySent", None, 7, ["reply.sent"], {"reply": "sent"}])
def test_an_event_of_no_declared_type_is_refused(name: Any) -> None:
    error = refused(name, {})
    assert (error.path, error.detail) == (("type",), "UNKNOWN_TYPE")
    assert "deskledger schema events" in error.message


@pytest.mark.parametrize(
    ("fields", "path", "detail", "sentence"),
    [
        ([], (), "WRONG_TYPE", "an object is expected here, not an array"),
        (None, (), "WRONG_TYPE", "an object is expected here, not null"),
        ("{}", (), "WRONG_TYPE", "an object is expected here, not a string"),
        (3.5, (), "WRONG_TYPE", "an object is expected here, not a number"),
        (rating(mood="good"), ("mood",), "UNKNOWN_FIELD", "there is no field `mood` here; there are survey, scale"),
        ({"survey": "s1", "scale": "thumbs"}, ("score",), "MISSING_FIELD", "`score` is missing"),
        ({}, ("survey",), "MISSING_FIELD", "`survey` is missing"),
        (rating(survey=7), ("survey",), "WRONG_TYPE", "`survey`: Expected `str`, got `int`"),
        (rating(survey=None), ("survey",), "WRONG_TYPE", "`survey`: Expected `str`, got `null`"),
        (rating(survey={}), ("survey",), "WRONG_TYPE", "`survey`: a plain value is expected, not an object"),
        (rating(score="5"), ("score",), "WRONG_TYPE", "`score`: Expected `int`, got `str`"),
        (rating(score=5.0), ("score",), "WRONG_TYPE", "`score`: Expected `int`, got `float`"),
        (rating(score=True), ("score",), "WRONG_TYPE", "`score`: Expected `int`, got `bool`"),
        (rating(comment=7), ("comment",), "WRONG_TYPE", "`comment`: Expected `str | null`, got `int`"),
        (rating(scale="stars"), ("scale",), "UNKNOWN_WORD", "`scale`: `stars` is none of rating_1_5, thumbs, nps_0_10"),
        (rating(scale=7), ("scale",), "WRONG_TYPE", "`scale`: Expected `str`, got `int`"),
        (rating(survey=""), ("survey",), "TOO_SHORT", "`survey`: Expected `str` of length >= 1"),
        (rating(survey="s" * 201), ("survey",), "TOO_LONG", "`survey`: Expected `str` of length <= 200"),
        (rating(score=11), ("score",), "OUT_OF_RANGE", "`score`: Expected `int` <= 10"),
        (rating(score=-1), ("score",), "OUT_OF_RANGE", "`score`: Expected `int` >= 0"),
        (rating(score=10**400), ("score",), "OUT_OF_RANGE", "`score`: Expected `int` <= 10"),
        (rating(survey="s\0"), ("survey",), "ILL_FORMED_TEXT", "`survey`: a NUL character cannot be stored"),
        (rating(comment="\ud800"), ("comment",), "ILL_FORMED_TEXT", "`comment`: half a surrogate pair"),
        (rating(survey="\udfff"), ("survey",), "ILL_FORMED_TEXT", "`survey`: half a surrogate pair"),
        (rating(scale="\ud800"), ("scale",), "ILL_FORMED_TEXT", "`scale`: half a surrogate pair"),
        (rating(**{"mood\ud800": 1}), ("mood\\ud800",), "UNKNOWN_FIELD", "there is no field `mood\\ud800`"),
        (rating(**{"mood\0": 1}), ("mood\\0",), "UNKNOWN_FIELD", "there is no field `mood\\0`"),
        ({7: "s1"}, ("7",), "UNKNOWN_FIELD", "there is no field `7`"),
        ({"a - at `$.survey`": 1}, ("a - at `$.survey`",), "UNKNOWN_FIELD", "there is no field `a - at `$.survey``"),
        (rating(scale="x - at `$.survey`"), ("scale",), "UNKNOWN_WORD", "`scale`: `x - at `$.survey`` is none of"),
    ],
)
def test_a_malformed_field_is_refused_with_where_and_why(
    fields: Any, path: tuple[str, ...], detail: str, sentence: str
) -> None:
    error = refused("survey.answered", fields)
    assert (error.path, error.detail) == (("payload", *path), detail)
    assert error.message.startswith(sentence)


def test_an_integer_that_json_cannot_carry_is_refused() -> None:
    assert payload_of("conversation.put_on_hold", {"until": LARGEST_INTEGER})
    for beyond in (LARGEST_INTEGER + 1, -LARGEST_INTEGER - 1, 10**400):
        error = refused("conversation.put_on_hold", {"until": beyond})
        assert (error.path, error.detail) == (("payload", "until"), "OUT_OF_RANGE")


def test_the_first_of_several_faults_is_told_in_the_order_of_the_declaration() -> None:
    assert refused("survey.answered", {"scale": "stars", "score": 99}).detail == "MISSING_FIELD"
    assert refused("survey.answered", rating(score=99, scale="stars")).path == ("payload", "scale")


def test_a_long_word_is_quoted_in_part() -> None:
    error = refused("survey.answered", rating(scale="s" * 10_000_000))
    assert len(error.message) < 200
    error = refused("survey.answered", rating(**{"s" * 10_000_000: 1}))
    assert len(error.message) < 200
    assert len(str(error.path)) < 200


@pytest.mark.parametrize(
    "name", [name for name, declared in DECLARATIONS.items() if declared.personal and declared.told]
)
def test_a_commitment_comes_from_the_ledger_only(name: str) -> None:
    for field in DECLARATIONS[name].personal:
        commitment = {"commitment": "a" * 64}
        for forged in (commitment, Commitment("a" * 64)):
            error = refused(name, {**_plain(name), field: forged})
            assert (error.path, error.detail) == (("payload", field), "WRONG_TYPE")


def _plain(name: str) -> dict[str, Any]:
    """Fields of which each would do."""
    samples: dict[str, Any] = {"scale": "thumbs", "score": 1}
    fields = msgspec.structs.fields(DECLARATIONS[name].payload)
    return {field.name: samples.get(field.name, "x") for field in fields if field.required}


ANY_TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\0\ud800\udfff`$"), max_size=9)
ANY_KEY = ANY_TEXT | st.sampled_from(
    sorted({field for d in DECLARATIONS.values() for field in d.payload.__struct_fields__})
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.sampled_from([10**400, "solved", "vk"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_KEY, inner, max_size=6),
    max_leaves=12,
)
ANY_NAME = st.sampled_from(sorted(DECLARATIONS))


@given(name=ANY_NAME | ANY_JSON, fields=ANY_JSON)
@example(name="comment.hidden", fields={"item": "\ud800"})
@example(name="comment.hidden", fields={"item": "x", "reason": ["x"]})
def test_any_json_at_all_becomes_a_payload_or_is_refused(name: Any, fields: Any) -> None:
    assert_payload_or_refusal(name, fields)


@given(data=st.data(), name=ANY_NAME)
def test_any_values_in_the_right_fields_become_a_payload_or_are_refused(data: st.DataObject, name: str) -> None:
    known = DECLARATIONS[name].payload.__struct_fields__
    if known:
        fields = data.draw(st.dictionaries(st.sampled_from(known), ANY_JSON | st.text(min_size=1, max_size=9)))
        assert_payload_or_refusal(name, fields)


def assert_payload_or_refusal(name: Any, fields: Any) -> None:
    """Either way what comes out can be written: the payload as JSON, the refusal to whoever asked."""
    try:
        payload = payload_of(name, fields)
    except InvalidEvent as error:
        refusal = error
    else:
        assert isinstance(fields, Mapping)
        assert msgspec.json.decode(msgspec.json.encode(payload), type=type(payload)) == payload
        return
    assert re.fullmatch("[A-Z_]+", refusal.detail or "")
    assert len(refusal.message.encode()) < 1_000
    assert "/".join(map(str, refusal.path)).encode()
