"""Published pictures tell nothing of place, person and device: exiftool and a search of bytes see none.

Each place where cameras, phones and programs write gets a text of its own (`PLANT...`), so that a leak
names itself.
"""

import io
import json
import shutil
import subprocess
import zlib

import numpy
import pytest
from conftest import ROOT, geoatlas_run, noise, smooth, validated
from PIL import Image, ImageCms

# Planted in the files that the tests make; positions are those numbers in any form.
POSITION = {"GPSLatitude": "46.9876543", "GPSLongitude": "8.1234567"}
# Groups and tags of exiftool that only tell how to show a picture, or are facts of the file system.
PLAIN_GROUPS = {"ExifTool", "System", "File", "Composite"}
PLAIN_TAGS = {
    "JFIF": {"JFIFVersion", "ResolutionUnit", "XResolution", "YResolution"},
    "IFD0": {"Orientation"}, "Adobe": {"DCTEncodeVersion", "APP14Flags0", "APP14Flags1",
                                       "ColorTransform"},
    "PNG": {"ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter",
            "Interlace", "Gamma", "ProfileName", "SRGBRendering", "BackgroundColor", "Transparency",
            "Palette"},
    "PNG-pHYs": {"PixelsPerUnitX", "PixelsPerUnitY", "PixelUnits"},
}


def jpeg(pixels, **options):
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=90, **options)
    return target.getvalue()


def segment(marker, body):
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def with_segments(picture, *segments):
    """The JPEG file with segments after its JFIF segment."""
    length = int.from_bytes(picture[4:6], "big")
    return picture[: 4 + length] + b"".join(segments) + picture[4 + length :]


def written(path, *arguments):
    """exiftool writes its tags into the file."""
    subprocess.run(
        ["exiftool", "-q", "-q", "-overwrite_original", *arguments, path], check=True)


def tags(path):
    """Every tag that exiftool reads, by group and name, also in embedded pictures and trailers."""
    output = subprocess.run(
        ["exiftool", "-json", "-a", "-G1", "-s", "-u", "-U", "-ee", path], check=True,
        capture_output=True, text=True).stdout
    found = {}
    for name, value in json.loads(output)[0].items():
        if ":" in name:
            group, tag = name.split(":", 1)
            found[group, tag] = value
    return found


def revealing(path):
    return {
        (group, tag): value for (group, tag), value in tags(path).items()
        if group not in PLAIN_GROUPS and not group.startswith("ICC")
        and tag not in PLAIN_TAGS.get(group, ())}


def maker_note(text):
    """An EXIF block with a text in the note of the maker, and an orientation of 6."""
    note = b"PLANTmaker " + text
    description = b"PLANTserial 0123456789\0"
    ifd0 = [
        (0x0112, 3, 1, (6).to_bytes(2, "little") + b"\0\0"),
        (0x8769, 4, 1, None), (0xC62F, 2, len(description), description)]
    start = 8 + 2 + 12 * len(ifd0) + 4
    exif_start = start + len(description)
    note_start = exif_start + 2 + 12 + 4
    block = b"II*\0" + (8).to_bytes(4, "little") + len(ifd0).to_bytes(2, "little")
    for tag, kind, count, value in ifd0:
        if tag == 0x8769:
            value = exif_start.to_bytes(4, "little")
        elif len(value) > 4:
            value = start.to_bytes(4, "little")
        block += tag.to_bytes(2, "little") + kind.to_bytes(2, "little")
        block += count.to_bytes(4, "little") + value
    block += bytes(4) + description
    block += (1).to_bytes(2, "little") + (0x927C).to_bytes(2, "little") + (7).to_bytes(2, "little")
    block += len(note).to_bytes(4, "little") + note_start.to_bytes(4, "little") + bytes(4)
    return b"Exif\0\0" + block + note


def xmp(text):
    return f"""<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:exif='http://ns.adobe.com/exif/1.0/'
 xmlns:aux='http://ns.adobe.com/exif/1.0/aux/' aux:OwnerName='PLANTowner{text}'
 aux:SerialNumber='PLANTxmpserial{text}' exif:GPSLatitude='46,59.259258N'
 exif:GPSLongitude='8,7.407402E'/></rdf:RDF></x:xmpmeta><?xpacket end='w'?>""".encode()


def profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def by_exiftool(folder):
    """What programs write: EXIF with its position, thumbnail, XMP, IPTC, comment."""
    path = folder / "exiftool.jpg"
    path.write_bytes(jpeg(noise(48, 32, seed=1), icc_profile=profile()))
    thumbnail = folder.parent.parent / "thumbnail.jpg"
    thumbnail.write_bytes(with_segments(jpeg(noise(16, 16, seed=2)), segment(0xFE, b"PLANTthumb")))
    texts = [
        "EXIF:Artist", "EXIF:Copyright", "EXIF:OwnerName", "EXIF:SerialNumber",
        "EXIF:LensSerialNumber", "EXIF:UserComment", "EXIF:XPTitle", "EXIF:XPAuthor",
        "EXIF:XPComment", "EXIF:HostComputer", "EXIF:Software", "EXIF:ImageUniqueID",
        "EXIF:CameraLabel", "EXIF:GPSAreaInformation", "EXIF:GPSProcessingMethod",
        "XMP-dc:Creator", "XMP-aux:SerialNumber", "XMP-aux:OwnerName", "XMP-photoshop:City",
        "XMP-iptcCore:Location", "XMP-mwg-rs:RegionName", "XMP-xmpMM:DocumentID",
        "XMP-crs:RawFileName", "XMP-lr:HierarchicalSubject", "IPTC:By-line", "IPTC:City",
        "IPTC:Sub-location", "IPTC:Caption-Abstract", "IPTC:Keywords", "Photoshop:URL",
        "File:Comment", "Ducky:Comment"]
    written(
        path, *[f"-{name}=PLANT{name.replace(':', '').replace('-', '')}" for name in texts],
        *[f"-EXIF:{name}={value}" for name, value in POSITION.items()],
        # The page of the picture shows it; the published file does not hold it.
        "-EXIF:ImageDescription=Folded chert", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitudeRef=E",
        "-EXIF:GPSAltitude=1234",
        *[f"-XMP-exif:{name}={value}" for name, value in POSITION.items()],
        "-EXIF:Orientation#=8", f"-EXIF:ThumbnailImage<={thumbnail}")
    return path


def by_camera(folder):
    """What cameras and phones write besides: notes, further pictures, and bytes after the end."""
    path = folder / "camera.jpg"
    second = with_segments(
        jpeg(noise(40, 40, seed=3)), segment(0xFE, b"PLANTsecond"), segment(0xE1, maker_note(b"2")))
    extended = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + bytes(8) + xmp("extended")
    segments = [
        segment(0xE0, b"JFXX\0\x10" + jpeg(noise(8, 8, seed=4)) + b"PLANTjfxx"),
        segment(0xE1, maker_note(b"SN-99887766")),
        segment(0xE1, maker_note(b"again")),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp("main")),
        segment(0xE1, extended), segment(0xE1, b"FLIR\0PLANTflir"),
        segment(0xE2, b"MPF\0II*\0\x08\0\0\0PLANTmpf"), segment(0xE2, b"FPXR\0PLANTflashpix"),
        segment(0xE3, b"Meta\0\0PLANTkodak"), segment(0xE4, b"PLANTscalado"),
        segment(0xE5, b"RMETA\0PLANTricoh"), segment(0xE5, b"ssuniqueid\0PLANTsamsung"),
        segment(0xE6, b"GoPro\0PLANTgopro"), segment(0xE6, b"EPPIM\0PLANTeppim"),
        segment(0xE7, b"PLANTpentax"), segment(0xE8, b"SPIFF\0PLANTspiff"),
        segment(0xE9, b"Media Jukebox\0PLANTjukebox"), segment(0xEA, b"PLANTapp10"),
        segment(0xEB, b"JP\0\x01PLANTjumbf"), segment(0xEC, b"[picture info]PLANTapp12"),
        segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10PLANTphotoshop!!"),
        segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01PLANTadobe"), segment(0xEF, b"PLANTapp15"),
        segment(0xFE, b"PLANTcomment")]
    picture = with_segments(jpeg(smooth(64, 48), progressive=True), *segments)
    # Between two scans, and bytes that belong to no segment.
    scan = picture.index(b"\xff\xda", picture.index(b"\xff\xda") + 2)
    picture = picture[:scan] + segment(0xFE, b"PLANTbetween") + b"PLANTjunk" + picture[scan:]
    trailer = b"PLANTtrailer" + b"SEFHPLANTsamsungtrailer\0SEFT" + b"ftypmp42PLANTmotionphoto"
    path.write_bytes(picture + second + trailer)
    return path


def chunk(kind, body):
    return (len(body).to_bytes(4, "big") + kind + body
            + zlib.crc32(kind + body).to_bytes(4, "big"))


def by_png(folder):
    path = folder / "screen.png"
    target = io.BytesIO()
    Image.fromarray(smooth(40, 30)).save(target, "PNG", icc_profile=profile(), dpi=(300, 300))
    picture = target.getvalue()
    chunks = [
        chunk(b"tEXt", b"Author\0PLANTauthor"),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"PLANTcomment")),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp("png")),
        chunk(b"tIME", b"\x07\xea\x0b\x1c\x01\x02\x03"),
        chunk(b"eXIf", maker_note(b"png")[6:]), chunk(b"caBX", b"PLANTc2pa"),
        chunk(b"sPLT", b"PLANTpalette\0\x08" + bytes(6)), chunk(b"prVt", b"PLANTprivate")]
    place = picture.index(b"IDAT") - 4
    picture = picture[:place] + b"".join(chunks) + picture[place:]
    end = picture.index(b"IEND") - 4
    picture = picture[:end] + chunk(b"tEXt", b"Source\0PLANTlate") + picture[end:]
    path.write_bytes(picture + b"PLANTafter")
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A place with a collection in which some pictures tell too much, and its settings."""
    base = tmp_path_factory.mktemp("privacy")
    for number, label in enumerate(["chert", "tuff"]):
        (base / "rocks" / label).mkdir(parents=True)
        for i in range(8):
            target = base / "rocks" / label / f"p{i}.jpg"
            target.write_bytes(jpeg(noise(32, 32, seed=10 * number + i)))
    (base / "content").mkdir()
    for make in (by_exiftool, by_camera, by_png):
        make(base / "rocks/chert")
    shutil.copy(base / "rocks/chert/exiftool.jpg", base / "content/outcrop.jpg")
    (base / "content/about.md").write_text("---\ntitle: About\n---\n![The outcrop](outcrop.jpg)\n")
    return base


def build(base, settings="", workspace="workspace"):
    (base / "content/atlas.yml").write_text(
        "types: [chert, tuff]\nkmeans: {k: 2}\nreview: {comparisons: 2, targets: 3}\n" + settings)
    run = geoatlas_run(
        "build", "rocks", "--classifier", "conv1l", "--epochs", 1, "--folds", 0, "--json",
        "--quiet", "--workspace", workspace, cwd=base)
    return validated("build", run), run.stderr


@pytest.fixture(scope="module")
def public(base):
    """The atlas, its result and what the build told."""
    result, notes = build(base)
    return base / "public", result, notes


def published(base, stem, extension="jpg"):
    return next((base / "public").glob(f"chert/*/{stem}.{extension}"))


def everything(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_files_of_this_test_tell_what_they_should(base):
    found = revealing(base / "rocks/chert/exiftool.jpg")
    assert sum("PLANT" in str(value) for value in found.values()) > 25
    found = revealing(base / "rocks/chert/camera.jpg")
    assert ("XMP-aux", "SerialNumber") in found
    assert ("XMP-exif", "GPSLatitude") in revealing(base / "rocks/chert/screen.png")


def test_exiftool_finds_nothing_in_any_published_picture(public):
    folder, _, _ = public
    pictures = [
        path for path in folder.rglob("*") if path.suffix in {".jpg", ".jpeg", ".png"}]
    assert len(pictures) > 20
    assert {path.name: revealing(path) for path in pictures if revealing(path)} == {}


def test_no_file_of_the_atlas_holds_a_planted_text(base, public):
    folder, _, _ = public
    needles = [b"PLANT", "PLANT".encode("utf-16-le"), b"GPSL", b"46.98765", b"46,59.25", b"8.12345",
               str(base).encode()]
    for path, content in everything(folder).items():
        for needle in needles:
            assert needle not in content, f"{path} holds {needle}"
    assert b"Folded chert" not in published(base, "exiftool").read_bytes()
    # Compressed texts of PNG files.
    assert b"zTXt" not in published(base, "screen", "png").read_bytes()


def test_the_compressed_picture_and_its_look_stay(base, public):
    for name in ("exiftool.jpg", "camera.jpg", "screen.png"):
        stem, extension = name.split(".")
        original = base / "rocks/chert" / name
        copy = published(base, stem, extension)
        with Image.open(original) as before, Image.open(copy) as after:
            assert numpy.array_equal(numpy.asarray(before), numpy.asarray(after))
            assert before.info.get("icc_profile") == after.info.get("icc_profile")
            assert before.getexif().get(0x0112) == after.getexif().get(0x0112)
            for fact in ("jfif_unit", "jfif_density", "adobe", "gamma"):
                assert before.info.get(fact) == after.info.get(fact)
        assert copy.stat().st_size <= original.stat().st_size
    camera = published(base, "camera").read_bytes()
    # Adobe's mark without what follows it.
    assert segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01") in camera


def test_pictures_with_nothing_to_remove_keep_their_bytes(base, public):
    for label in ("chert", "tuff"):
        for i in range(8):
            copy = next((base / "public").glob(f"{label}/*/p{i}.jpg"))
            assert copy.read_bytes() == (base / f"rocks/{label}/p{i}.jpg").read_bytes()


def test_the_build_says_how_many_positions_were_removed(base, public):
    _, result, notes = public
    # Three pictures of the collection, and one of a text.
    assert (result["positionsRemoved"], result["metadataRemoved"]) == (4, 4)
    assert ("Positions were removed from the published copies of 4 pictures, and other data of cameras "
            f"and programs from 4. To publish them, write \"metadata: keep\" into {base}/content/atlas.yml."
            ) in notes


def test_a_change_of_the_setting_replaces_the_copies(base, public):
    copies = {path: path.read_bytes() for path in (base / "public").rglob("*.jpg")}
    result, notes = build(base, "metadata: keep\n")
    assert result["metadataRemoved"] == 0
    assert "4 published pictures keep data of cameras and programs, 4 of them a position" in notes
    for name in ("exiftool.jpg", "camera.jpg"):
        assert published(base, name.split(".")[0]).read_bytes() == (
            base / "rocks/chert" / name).read_bytes()
    build(base, "metadata: remove\n")
    assert {path: path.read_bytes() for path in (base / "public").rglob("*.jpg")} == copies


def test_no_published_picture_is_larger_than_the_setting(base, public):
    large = base / "rocks/tuff/large.jpg"
    large.write_bytes(jpeg(smooth(900, 600)))
    written(large, "-EXIF:Orientation#=6", "-EXIF:Artist=PLANTartist")
    try:
        build(base, "largest: 640\n")
        copy = next((base / "public").glob("tuff/*/large.jpg"))
        with Image.open(copy) as picture:
            assert picture.size == (427, 640)
        assert revealing(copy) == {}
        for path in (base / "public").rglob("*.jpg"):
            if "sprites" not in path.parts:
                with Image.open(path) as picture:
                    assert max(picture.size) <= 640
    finally:
        large.unlink()


@pytest.mark.parametrize(("line", "message"), [
    ("metadata: kept", 'line 4: metadata is "kept", but has to be "remove" or "keep".'),
    ("largest: 12", 'line 4: largest is "12", but has to be "original", or a whole number of pixels'),
    ("metadat: keep", 'line 4: there is no setting "metadat". Did you mean "metadata"?')])
def test_a_wrong_setting_is_named(base, line, message):
    (base / "content/atlas.yml").write_text("types: [chert, tuff]\n\n\n" + line + "\n")
    run = geoatlas_run("build", "rocks", "--workspace", "other", cwd=base)
    assert run.returncode == 1
    assert message in run.stderr


def test_the_default_settings_remove():
    assert "\nmetadata: remove\n" in (ROOT / "content/atlas.yml").read_text()
