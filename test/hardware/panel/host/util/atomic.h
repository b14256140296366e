// Nothing comes in between where everything is called in turn.
#define ATOMIC_BLOCK(how)
