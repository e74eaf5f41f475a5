"""The bytes of files: what is written comes back, and what was tampered with does not."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_citoyen import files
from espace_citoyen.files.sealed import MARK, SEALED_BYTES, Damaged, seal, unseal

KEY = bytes(range(32))
PLACE = files.Place(UUID(int=1), UUID(int=2))
CHUNK = files.CHUNK_BYTES
AROUND_CHUNKS = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17)


def sealed(content: bytes, place: files.Place = PLACE, key: bytes = KEY) -> bytes:
    return b"".join(seal(BytesIO(content), key, place))


def opened(kept: bytes, place: files.Place = PLACE, key: bytes = KEY) -> bytes:
    return b"".join(unseal(BytesIO(kept), key, place))


def chunks(kept: bytes) -> list[bytes]:
    body = kept[len(MARK) :]
    return [body[start : start + SEALED_BYTES] for start in range(0, len(body), SEALED_BYTES)]


def put(root: Path, content: bytes, owner: UUID | None = None, limit: int = 10_000_000) -> files.Place:
    place = files.Place(owner or uuid4(), uuid4())
    files.write(root, place, KEY, BytesIO(content), limit=limit)
    return place


@pytest.mark.parametrize("size", AROUND_CHUNKS)
def test_a_file_of_any_length_comes_back_as_it_was(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    place = files.Place(uuid4(), uuid4())
    written = files.write(tmp_path, place, KEY, BytesIO(content), limit=size)
    assert written == files.Written(size, hashlib.sha256(content).hexdigest())
    assert b"".join(files.read(tmp_path, place, KEY)) == content
    assert len(chunks(sealed(content))) == max(1, -(-size // CHUNK))


@given(st.binary(max_size=300_000), st.lists(st.integers(1, 70_000), min_size=1, max_size=9))
def test_it_does_not_matter_in_which_pieces_a_file_arrives(content: bytes, sizes: list[int]) -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, sizes[self.tell() % len(sizes)]))

    kept = b"".join(seal(Slow(content), KEY, PLACE))
    assert b"".join(unseal(Slow(kept), KEY, PLACE)) == content


@given(st.binary(max_size=150_000), st.data())
def test_one_bit_changed_anywhere_is_noticed(content: bytes, data: st.DataObject) -> None:
    kept = bytearray(sealed(content))
    kept[data.draw(st.integers(0, len(kept) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Damaged):
        opened(bytes(kept))


@given(st.binary(max_size=200_000), st.data())
def test_a_file_cut_short_anywhere_does_not_open_as_a_shorter_one(content: bytes, data: st.DataObject) -> None:
    kept = sealed(content)
    with pytest.raises(Damaged):
        opened(kept[: data.draw(st.integers(0, len(kept) - 1))])


@pytest.mark.parametrize("size", [CHUNK, 2 * CHUNK, 3 * CHUNK, 3 * CHUNK + 5])
def test_whole_chunks_cannot_be_left_out_swapped_repeated_or_added(size: int) -> None:
    kept = sealed(os.urandom(size))
    pieces = chunks(kept)
    tampered = [pieces[:-1], pieces[1:], [*pieces, pieces[-1]], [pieces[0], *pieces], pieces[::-1]]
    for each in tampered:
        if each != pieces:
            with pytest.raises(Damaged):
                opened(MARK + b"".join(each))


def test_nothing_opens_under_another_name_owner_or_key() -> None:
    kept = sealed(b"Camille")
    for place, key in (
        (files.Place(PLACE.owner_id, UUID(int=3)), KEY),
        (files.Place(UUID(int=3), PLACE.object_id), KEY),
        (PLACE, bytes(32)),
    ):
        with pytest.raises(Damaged):
            opened(kept, place, key)


def test_the_same_file_twice_is_two_objects_that_do_not_look_alike() -> None:
    assert sealed(b"Camille") != sealed(b"Camille")
    assert b"Camille" not in sealed(b"Camille")


def test_too_large_a_file_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(files.TooLarge):
        put(tmp_path, bytes(200_000), limit=199_999)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_stops_arriving_leaves_nothing_behind(tmp_path: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= CHUNK:
                raise OSError("the line is cut")
            return super().read(size)

    with pytest.raises(OSError, match="cut"):
        files.write(tmp_path, PLACE, KEY, Broken(bytes(200_000)), limit=1_000_000)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nothing_is_ever_whole_in_memory(tmp_path: Path) -> None:
    class Endless:
        left = 20_000_000

        def read(self, size: int, /) -> bytes:
            assert size <= CHUNK
            given = min(size, self.left)
            self.left -= given
            return bytes(given)

    written = files.write(tmp_path, PLACE, KEY, Endless(), limit=20_000_000)
    assert written.size == 20_000_000
    assert max(map(len, files.read(tmp_path, PLACE, KEY))) == CHUNK


def test_nobody_else_on_the_machine_may_read(tmp_path: Path) -> None:
    root = tmp_path / "files"
    place = put(root, b"Camille")
    folder = root / str(place.owner_id)
    assert [oct(path.stat().st_mode & 0o7777) for path in (root, folder, folder / str(place.object_id))] == [
        "0o700",
        "0o700",
        "0o600",
    ]


def test_where_the_folder_is_a_group_s_the_group_may_work_in_it(tmp_path: Path) -> None:
    root = tmp_path / "files"
    root.mkdir()
    root.chmod(0o2770)
    place = put(root, b"Camille")
    folder = root / str(place.owner_id)
    assert oct(folder.stat().st_mode & 0o7777) == "0o2770"
    assert oct((folder / str(place.object_id)).stat().st_mode & 0o7777) == "0o660"


def test_deleting_one_leaves_the_others_and_twice_is_no_error(tmp_path: Path) -> None:
    one = put(tmp_path, b"one")
    other = put(tmp_path, b"other", one.owner_id)
    for _ in range(2):
        files.delete(tmp_path, one)
    assert b"".join(files.read(tmp_path, other, KEY)) == b"other"
    with pytest.raises(FileNotFoundError):
        next(files.read(tmp_path, one, KEY))
    for _ in range(2):
        files.delete_all(tmp_path, one.owner_id)
    assert list(files.owners(tmp_path)) == []


def test_the_sweep_takes_what_is_old_and_has_no_name_and_nothing_else(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    named = put(tmp_path, b"named")
    owner = named.owner_id
    fresh, old = put(tmp_path, b"fresh", owner), put(tmp_path, b"old", owner)
    unfinished = tmp_path / str(owner) / f"{uuid4()}.part"
    unfinished.touch()
    for path in (
        tmp_path / str(owner) / str(named.object_id),
        unfinished,
        tmp_path / str(owner) / str(old.object_id),
    ):
        os.utime(path, ((now - timedelta(days=2)).timestamp(),) * 2)
    before = now - timedelta(days=1)
    assert files.sweep(tmp_path, owner, keep={named.object_id}, before=before) == 2
    assert files.sweep(tmp_path, owner, keep={named.object_id}, before=before) == 0
    assert {path.name for path in (tmp_path / str(owner)).iterdir()} == {
        str(named.object_id),
        str(fresh.object_id),
    }


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"", None),
        (b"%PD", None),
        (b"MZ\x90\x00", None),
        (b"<svg xmlns=", None),
        (b"<!DOCTYPE html>", None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b" %PDF-1.7", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, media_type: str | None) -> None:
    assert files.nature(head) == media_type


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Justificatif d’été.pdf", "Justificatif d’été.pdf"),
        ("De\u0301claration.PDF", "Déclaration.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\camille\\facture.pdf", "facture.pdf"),
        ("facture.exe", "facture.exe.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe.pdf"),
        ("fac\r\nture\x00\x1b.pdf", "facture.pdf"),
        ('a"b<c>:d|e?f*.pdf', "a_b_c__d_e_f_.pdf"),
        ("  . .cache .pdf", "cache.pdf"),
        ("", "fichier.pdf"),
        ("...", "fichier.pdf"),
        ("\u200b\ufeff", "fichier.pdf"),
        ("é" * 400 + ".pdf", "é" * 146 + ".pdf"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_harmless(sent: str, kept: str) -> None:
    assert files.cleaned(sent, "application/pdf") == kept


@given(st.text(max_size=400), st.sampled_from(sorted(files.SHOWN)))
def test_whatever_the_name_it_is_short_printable_without_path_and_stays_when_cleaned_again(
    sent: str, media_type: str
) -> None:
    name = files.cleaned(sent, media_type)
    assert 0 < len(name) <= files.MOST_CHARACTERS
    assert not set(name) & set('/\\"<>:|?*')
    assert name.isprintable()
    assert not name.startswith(".")
    assert files.cleaned(name, media_type) == name


def test_only_a_folder_keeps_files(tmp_path: Path) -> None:
    assert files.folder(f"file:{tmp_path}/été%20") == tmp_path / "été "
    with pytest.raises(ValueError, match="s3"):
        files.folder("s3://bucket/prefix")
