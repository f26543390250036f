    .section .rodata
    .balign 16
    .global coldvigil_default_model_begin
    .hidden coldvigil_default_model_begin
    .global coldvigil_default_model_end
    .hidden coldvigil_default_model_end
coldvigil_default_model_begin:
    .incbin COLDVIGIL_DEFAULT_MODEL
coldvigil_default_model_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits
