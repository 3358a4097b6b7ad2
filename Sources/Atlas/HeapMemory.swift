import CMalloc

/// What the program allocates, as the C library manages it.
enum HeapMemory {
    /// Lets threads share pools of memory. The C library makes up to eight for each core, also for threads that
    /// only wait for a disk, and each keeps some of what was freed in it.
    /// - Parameter count: of pools at most, at least 1. Only pools that do not exist yet are left out.
    static func limitPools(to count: Int) {
        mallopt(M_ARENA_MAX, Int32(count))
    }

    /// Gives freed memory back to the system. The C library keeps free pages that lie before a block in use, so
    /// what one stage leaves would add to what the next one needs.
    static func giveBack() {
        malloc_trim(0)
    }
}
