"""One contract, two storages: a local folder and an S3 server in this process."""

import http.client
import threading

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from storefront.core.errors import NotFound, Unavailable
from storefront.core.storage import BadKey, LocalStorage, check_key, make_storage, read, storage

BAD_KEYS = [
    "",
    "/etc/passwd",
    "../secret",
    "foto/../../secret",
    "foto//a.webp",
    "foto/.hidden",
    "foto/",
    "foto\\a",
    "foto/a\n",
    "foto/a\0.webp",
    "foto/ä.webp",
    "C:/x",
    "a" * 201,
]


@pytest.fixture(scope="module")
def bucket():
    """The address of an empty bucket on a server of its own."""
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_ACCESS_KEY_ID", "test")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    connection = http.client.HTTPConnection(host, port)
    connection.request("PUT", "/media")
    assert connection.getresponse().status == 200
    connection.close()
    yield f"s3://media/toko?endpoint=http://{host}:{port}"
    server.stop()
    patch.undo()


def content(files, key):
    with files.open(key) as file:
        return file.read()


@pytest.fixture(params=["local", "s3"])
def files(request, tmp_path):
    if request.param == "local":
        return make_storage(tmp_path / "media")
    return make_storage("", request.getfixturevalue("bucket"))


def test_what_is_saved_is_read_back(files):
    files.save("foto/a-360.webp", b"gambar", "image/webp")

    with files.open("foto/a-360.webp") as file:
        assert file.read() == b"gambar"
        file.seek(3)
        assert file.read() == b"bar"
    assert files.exists("foto/a-360.webp")
    assert files.url("foto/a-360.webp") == "/media/foto/a-360.webp"


def test_a_second_save_replaces_the_first(files):
    files.save("laporan.csv", b"panjang sekali", "text/csv")
    files.save("laporan.csv", b"baru", "text/csv")

    assert content(files, "laporan.csv") == b"baru"


def test_deleting_twice_is_no_error(files):
    files.save("foto/hapus.jpg", b"x", "image/jpeg")
    files.delete("foto/hapus.jpg")
    files.delete("foto/hapus.jpg")

    assert not files.exists("foto/hapus.jpg")
    with pytest.raises(NotFound):
        files.open("foto/hapus.jpg")


def test_a_private_file_has_no_address(files):
    files.save("private/bukti/a.jpg", b"x", "image/jpeg")

    assert content(files, "private/bukti/a.jpg") == b"x"
    with pytest.raises(BadKey):
        files.url("private/bukti/a.jpg")


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_cannot_leave_its_folder(files, key):
    for use in (files.delete, files.url, lambda key: files.save(key, b"x", "text/plain")):
        with pytest.raises(BadKey):
            use(key)
    with pytest.raises(NotFound):
        files.open(key)
    assert not files.exists(key)


def test_a_folder_is_not_a_file(files):
    files.save("foto/satu/a.webp", b"x", "image/webp")

    assert not files.exists("foto/satu")
    with pytest.raises(NotFound):
        files.open("foto/satu")
    with pytest.raises(NotFound):
        files.open("foto/satu/a.webp/b")


@given(st.text(alphabet="ab./\\-_\n \0é", max_size=30))
def test_an_accepted_key_stays_inside(tmp_path_factory, key):
    root = tmp_path_factory.getbasetemp()
    try:
        check_key(key)
    except BadKey:
        return
    assert (root / key).resolve().is_relative_to(root.resolve())
    assert (root / key).resolve() != root.resolve()


def test_a_failed_save_leaves_the_old_file_and_no_rubbish(tmp_path):
    files = LocalStorage(tmp_path)
    files.save("a.txt", b"lama", "text/plain")
    with pytest.raises(TypeError):
        files.save("a.txt", "bukan bytes", "text/plain")  # type: ignore[arg-type]

    assert content(files, "a.txt") == b"lama"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_readers_never_see_half_a_file(tmp_path):
    files = LocalStorage(tmp_path)
    contents = [bytes([letter]) * 300_000 for letter in b"ab"]
    files.save("a", contents[0], "text/plain")

    def write():
        for turn in range(40):
            files.save("a", contents[turn % 2], "text/plain")

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        with files.open("a") as file:
            assert file.read() in contents
    writer.join()


def test_private_files_are_for_the_shop_only(tmp_path):
    files = LocalStorage(tmp_path)
    files.save("private/a", b"x", "text/plain")
    files.save("foto/a", b"x", "text/plain")

    assert (tmp_path / "private/a").stat().st_mode & 0o077 == 0
    assert (tmp_path / "foto/a").stat().st_mode & 0o044


def test_a_bucket_that_is_away_is_unavailable(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    files = make_storage("", "s3://media?endpoint=http://127.0.0.1:9")

    for use in (files.open, files.exists, files.delete, lambda key: files.save(key, b"x", "text/plain")):
        with pytest.raises(Unavailable):
            use("foto/a")


def test_a_cdn_in_front_of_the_bucket():
    files = make_storage("", "s3://media?public=https://gambar.contoh.id/&region=ap-southeast-3")

    assert files.url("foto/a.webp") == "https://gambar.contoh.id/foto/a.webp"


@pytest.mark.parametrize("url", ["ftp://media", "s3:///x", "s3://key:secret@media", "s3://media?acl=public"])
def test_other_addresses_are_refused(url):
    with pytest.raises(ValueError, match="MEDIA_URL"):
        make_storage("", url)


def test_the_app_has_one_storage(tmp_path):
    app = Flask(__name__)
    app.extensions["storage"] = LocalStorage(tmp_path)
    with app.app_context():
        storage().save("a", b"isi", "text/plain")
        assert read("a") == b"isi"
