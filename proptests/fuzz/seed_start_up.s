# Start-up code for fuzzing to begin with: what compilers seldom make, and fplab scan follows all the same. One
# constructor a subject; the first ones load MXCSR, or lead to what does.
# SPDX-License-Identifier: Apache-2.0
	.section .init_array, "aw"
	.quad bits, shifts, unary, moves, stack, calls, tail_call, into_the_middle, through_padding, by_stub, by_constant
	.quad by_table, asks_by_name, opens_library, takes_pointer, holds_import, jumps_far, other_object

	.text
	.macro function name
	.type \name, @function
\name:
	.endm

	.macro load_eax
	mov %eax, -4(%rsp)
	ldmxcsr -4(%rsp)
	.endm

function bits                   # BT, BTS, BTR, BTC of constants, by constants
	mov $0x1f80, %eax
	bt $7, %eax
	bts $15, %eax
	btc $15, %eax
	btc $14, %eax
	btr $14, %eax
	mov $6, %ecx
	bts %ecx, %eax
	btr %ecx, %eax
	bts %ecx, -64(%rsp)
	load_eax
	ret

function shifts                 # SHL, SHR, SAR, by constants and by CL
	mov $0x3f00, %eax
	shr %eax
	mov $4, %ecx
	shl %cl, %eax
	sar $4, %eax
	rol $3, %edx
	load_eax
	ret

function unary                  # NOT, NEG, INC, DEC, TEST, MUL
	mov $0xffffe07f, %eax
	not %eax
	neg %eax
	neg %eax
	inc %eax
	dec %eax
	test $0x8000, %eax
	jnz 1f
	load_eax
1:	mul %ecx
	ret

function moves                  # MOVZX of both widths, and what the kernel may write
	mov $0x1f80, %edx
	movzwl %dx, %eax
	load_eax
	movzbl %dl, %eax
	mov $39, %eax
	syscall
	cpuid
	rdtsc
	bswap %eax
	ret

function stack                  # PUSH, POP, ENTER and LEAVE of all kinds
	push %fs
	pop %fs
	pushf
	popf
	push $0x1f80
	ldmxcsr (%rsp)
	pop %rax
	pushq 8(%rsp)
	popq 8(%rsp)
	enter $16, $0
	leave
	ret

function calls                  # into what loads MXCSR, into what does not, and to where is not known
	sub $40, %rsp
	call innocent
	mov %rsp, %rdi
	call *fegetenv@GOTPCREL(%rip)
	call *%rax
	mov %rsp, %rdi
	call *fesetenv@GOTPCREL(%rip)
	add $40, %rsp
	ret

function innocent
	mov $1, %eax
	ret

function tail_call              # a load, and then a jump out of the function
	ldmxcsr plain_word(%rip)
	jmp innocent

function tail_call_of_import
	ldmxcsr plain_word(%rip)
	mov %rsp, %rdi
	jmp *fegetenv@GOTPCREL(%rip)

function into_the_middle        # of a function that is called from its beginning, too
	call loader
	call tail_call_of_import
	jmp middle_of_loader

function loader
	mov $0x9fc0, %eax
middle_of_loader:
	call innocent
	load_eax
	ret

function through_padding
	call padding
	ret
function padding
	nop
	nopw 0(%rax)
function after_padding
	ldmxcsr plain_word(%rip)
	ret

function by_stub                # of the kind that control-flow enforcement makes
	call stub
	call stub_of_stub
	ret
function stub
	endbr64
	jmp *fesetround@GOTPCREL(%rip)
function stub_of_stub
	endbr64
	jmp *loader@GOTPCREL(%rip)

function by_constant            # a jump to the address that a register holds
	ldmxcsr plain_word(%rip)
	lea innocent(%rip), %rax
	jmp *%rax

function by_table               # a call by a table of virtual functions, that of its base behind it
	lea virtual_table+16(%rip), %rax
	mov %rax, -8(%rsp)
	mov -8(%rsp), %rax
	call *8(%rax)
	ret
function first_virtual
	ret
function second_virtual
	ldmxcsr plain_word(%rip)
	ret

function asks_by_name
	lea name_of_function(%rip), %rsi
	xor %edi, %edi
	call dlsym@PLT
	ret

function opens_library
	ldmxcsr plain_word(%rip)
	call dlopen@PLT
	ret

function takes_pointer          # to a function that loads MXCSR after a call
	lea loader(%rip), %rax
	call *%rax
	ret

function holds_import
	mov fesetenv@GOTPCREL(%rip), %rax
	lea stub(%rip), %rcx
	mov %rax, -8(%rsp)
	ret

function jumps_far
	ldmxcsr plain_word(%rip)
	call longjmp@PLT
	ret

	.section .rodata
plain_word:
	.long 0x1f80
	.byte 0
name_of_function:
	.asciz "fesetenv"

	.section .data.rel.ro, "aw"
	.balign 8
type_description:
	.quad _ZTVN10__cxxabiv117__class_type_infoE+16, plain_word
virtual_table:
	.quad 0, type_description, first_virtual, second_virtual
	.quad -8, type_description, second_virtual
	.quad 0
