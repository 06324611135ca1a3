"""What a log shows a witness: that it only added."""

import pytest

from backend.transparency import merkle
from backend.transparency.checkpoints import Checkpoint, sign_checkpoint
from backend.transparency.notes import KeyKind, Signer
from backend.transparency.reading import Malformed, Unverified
from backend.transparency.submissions import Submission
from tests.transparency.test_merkle import leaves_of, nodes_of

ORIGIN = "audit.suhada.example"
LOG_KEY = Signer(ORIGIN, KeyKind.ED25519, b"\x01" * 32)
LEAVES = leaves_of(40)


def root(size):
    return merkle.root_of(LEAVES[:size])


def submission(old, new=40):
    proof = merkle.consistency_proof(old, new, nodes_of(LEAVES))
    note = sign_checkpoint(Checkpoint(ORIGIN, new, root(new)), LOG_KEY)
    return Submission(old, tuple(proof), note)


@pytest.mark.parametrize("old", [0, 1, 17, 32, 40])
def test_a_tree_that_only_grew_is_accepted(old):
    sent = submission(old).text

    checkpoint = Submission.parse(sent.encode()).verify(LOG_KEY.verifier, root(old))

    assert checkpoint == Checkpoint(ORIGIN, 40, root(40))
    assert sent.startswith(f"old {old}\n")


def test_a_tree_that_was_written_anew_is_refused():
    with pytest.raises(Unverified, match="does not continue"):
        submission(17).verify(LOG_KEY.verifier, root(18))
    with pytest.raises(Unverified, match="does not continue"):
        submission(40).verify(LOG_KEY.verifier, root(39))


def test_a_tree_that_shrank_or_is_anothers_is_refused():
    shrunk = Submission(41, (), submission(40).checkpoint)

    with pytest.raises(Malformed, match="above"):
        shrunk.verify(LOG_KEY.verifier, root(40))
    with pytest.raises(Unverified, match="no trusted key"):
        submission(17).verify(Signer.generate(ORIGIN).verifier, root(17))


TEXT = submission(17).text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        TEXT.replace("old 17", "old 017"),
        TEXT.replace("old 17", "new 17"),
        TEXT.replace("old 17", "old 17 "),
        TEXT.replace("old 17\n", "old 17\nAAAA\n"),
        TEXT.replace("old 17\n", "old 17\n" + ("A" * 43 + "=\n") * 64),
        TEXT.replace("\n\n", "\n"),
        TEXT.replace("\n", "\r\n"),
    ],
)
def test_what_is_no_submission_is_malformed(body):
    with pytest.raises(Malformed):
        Submission.parse(body)
