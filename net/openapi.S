    .section .note.GNU-stack, "", %progbits
    .section .rodata
    .global coldvigil_openapi_begin
    .global coldvigil_openapi_end
coldvigil_openapi_begin:
    .incbin OPENAPI_FILE
coldvigil_openapi_end:
    .byte 0
