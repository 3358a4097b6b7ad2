import CMalloc

/// Memory that was freed and still belongs to the program.
enum FreedMemory {
    /// Gives it back to the system. The C library keeps free pages that lie before a block in use, so
    /// what one stage leaves would add to what the next one needs.
    static func giveBack() {
        malloc_trim(0)
    }
}
