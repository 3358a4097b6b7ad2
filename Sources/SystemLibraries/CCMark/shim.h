// cmark.h needs size_t and FILE from these.
#include <stddef.h>
#include <stdio.h>
#include <cmark.h>
