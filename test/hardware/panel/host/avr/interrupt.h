// An interrupt's routine is a function that whoever plays the chip calls.
#define ISR(vector) void vector(void)
void PCINT0_vect(void);
void PCINT2_vect(void);
