/// A known format that is not read, with the way to convert it.
///
/// The signatures are those of the formats' own descriptions; `docs/images.md` lists the formats.
package enum ForeignFormat: String, Sendable, Hashable, Codable, CaseIterable {
    case bmp, gif, raw, jpegXL, jpeg2000, jpegXR, photoshop, gimp, svg, postScript, pdf, icon, pnm
    case openEXR, radiance, dicom, djvu, dds, bpg, qoi, fits, czi, farbfeld, pcx, targa, miff
    case windowsMetafile
    case video, audio, office

    /// With its article, as in "This is a BMP picture".
    package var title: String {
        switch self {
        case .bmp: "a BMP picture"
        case .gif: "a GIF picture"
        case .raw: "a camera's raw picture"
        case .jpegXL: "a JPEG XL picture"
        case .jpeg2000: "a JPEG 2000 picture"
        case .jpegXR: "a JPEG XR picture"
        case .photoshop: "a Photoshop file (PSD)"
        case .gimp: "a GIMP file (XCF)"
        case .svg: "an SVG drawing"
        case .postScript: "a PostScript file"
        case .pdf: "a PDF document"
        case .icon: "an icon file (ICO)"
        case .pnm: "a picture of the PNM family (PBM, PGM, PPM)"
        case .openEXR: "an OpenEXR picture"
        case .radiance: "a Radiance HDR picture"
        case .dicom: "a DICOM file"
        case .djvu: "a DjVu document"
        case .dds: "a DDS picture"
        case .bpg: "a BPG picture"
        case .qoi: "a QOI picture"
        case .fits: "a FITS file"
        case .czi: "a file of a Zeiss microscope (CZI)"
        case .farbfeld: "a farbfeld picture"
        case .pcx: "a PCX picture"
        case .targa: "a Targa picture (TGA)"
        case .miff: "a picture in ImageMagick's own format (MIFF)"
        case .windowsMetafile: "a Windows metafile (WMF, EMF)"
        case .video: "a video"
        case .audio: "a sound file"
        case .office: "a document of an office program"
        }
    }

    /// Full sentences: how to convert a file.
    package var advice: String {
        switch self {
        case .bmp, .jpegXR, .icon, .pnm, .openEXR, .radiance, .dds, .bpg, .qoi, .fits, .farbfeld,
            .pcx, .targa, .miff, .dicom, .windowsMetafile:
            "Convert it to PNG, for example with ImageMagick: mogrify -format png FILE"
        case .gif, .photoshop, .gimp:
            "Convert it to PNG, for example with ImageMagick: convert \"FILE[0]\" FILE.png"
        case .raw:
            "Convert it to JPEG or TIFF with the camera's program, or for example with darktable: "
                + "darktable-cli FILE FILE.jpg"
        case .jpegXL: "Convert it to PNG, for example with libjxl: djxl FILE FILE.png"
        case .jpeg2000:
            "Convert it to PNG, for example with OpenJPEG: opj_decompress -i FILE -o FILE.png"
        case .svg: "Convert it to PNG, for example with librsvg: rsvg-convert -o FILE.png FILE"
        case .postScript, .pdf:
            "Convert its pages to PNG, for example with Poppler: pdftoppm -png -r 150 FILE FILE"
        case .djvu:
            "Convert it to TIFF, for example with DjVuLibre: ddjvu -format=tiff FILE FILE.tif"
        case .czi: "Export it as TIFF with the program of the microscope or with Fiji."
        case .video:
            "Save single pictures of it, for example with FFmpeg: ffmpeg -i FILE FILE-%03d.png"
        case .audio: "Remove it from the collection."
        case .office: "Save the pictures in it as JPEG or PNG."
        }
    }
}
