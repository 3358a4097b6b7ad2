import AtlasModel
import Testing

@Suite struct LeftBehindTests {
    @Test(
        "Files in folders of file servers, bins and programs are left behind",
        arguments: [
            ("gneiss/@eaDir/p1.jpg/SYNOPHOTO_THUMB_XL.jpg", "gneiss/@eaDir"),
            ("#recycle/gneiss/p1.jpg", "#recycle"), ("$RECYCLE.BIN/S-1-5/p1.jpg", "$RECYCLE.BIN"),
            (".Trash-1000/files/p1.jpg", ".Trash-1000"), ("a/.@__thumb/p1.jpg", "a/.@__thumb"),
            ("System Volume Information/x", "System Volume Information"),
            ("__MACOSX/gneiss/._p1.jpg", "__MACOSX"), (".git/objects/1", ".git"),
            ("a/.stfolder/marker", "a/.stfolder"), (".sync/Archive/p1.jpg", ".sync"),
            ("a/.AppleDouble/p1.jpg", "a/.AppleDouble"), ("~snapshot/hourly.0/p1.jpg", "~snapshot"),
            ("Rocks Previews.lrdata/0/p1.jpg", "Rocks Previews.lrdata"),
            (".zfs/snapshot/p1.jpg", ".zfs"), ("a/.thumbnails/p1.png", "a/.thumbnails"),
        ])
    func folders(path: String, root: String) {
        #expect(LeftBehind.root(ofFile: path) == root)
    }

    @Test(
        "Files that programs write are left behind",
        arguments: [
            "a/Thumbs.db", "a/thumbs.DB", "a/Thumbs.db:encryptable", "desktop.ini", ".DS_Store",
            "Icon\r", "._p1.jpg", "~$table.xlsx", ".~lock.table.ods#", "page.html~", "#page.html#",
            ".#page.html", "a.bak", "a.tmp", ".page.html.swp", ".nextcloudsync.log",
            "a.xmp", "a.jpg.xmp", "a.cr2.pp3", "IMG_1.AAE", "Rocks.lrcat", "digikam4.db",
            ".BridgeSort",
            "sync.ffs_db", ".849C9593-D756-4E56-8D6E-42412F2A707B",
            ".sync_1a2b.db", "a.jpg:Zone.Identifier", "a.crdownload", ".fuse_hidden0001",
        ])
    func files(path: String) {
        #expect(LeftBehind.root(ofFile: path) == path)
    }

    @Test(
        "Names that only look odd belong to people",
        arguments: [
            "thumbs/p1.jpg", "recycle/p1.jpg", "recycled/p1.jpg", "@home/p1.jpg", "#1/p1.jpg",
            "tmp/p1.jpg", "img.old/p1.jpg", "~gneiss/p1.jpg", "$5/p1.jpg", ".hidden/p1.jpg",
            "Previews/p1.jpg", "snapshot/p1.jpg", "xmp.jpg", "Capture One/p1.jpg", "lrdata/p1.jpg",
            "Icon.jpg", "thumbs.db.txt", "sync/p1.jpg", "git/p1.jpg", "a#.jpg", "eaDir/p1.jpg",
        ])
    func people(path: String) {
        #expect(LeftBehind.root(ofFile: path) == nil)
    }

    @Test("The note counts, and names three")
    func note() {
        var passedOver = PassedOver()
        #expect(passedOver.note(in: "rocks") == nil)
        passedOver.add("gneiss/@eaDir")
        #expect(
            passedOver.note(in: "rocks")
                == "rocks: 1 file or folder that programs left there was passed over (@eaDir).")
        for path in ["marble/@eaDir", "Thumbs.db", "b~", "c~"] { passedOver.add(path) }
        #expect(
            passedOver.note(in: "rocks")
                == "rocks: 5 files or folders that programs left there were passed over "
                + "(@eaDir, Thumbs.db, b~, …).")
    }
}
