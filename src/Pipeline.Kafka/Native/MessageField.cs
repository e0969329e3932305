using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>
/// One argument of <c>rd_kafka_produceva</c> (<c>rd_kafka_vu_t</c>): a tag and a union padded to 64 bytes, of which every member begins
/// at byte 8 on 64-bit platforms.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct MessageField
{
    [FieldOffset(0)]
    private MessageFieldKind _kind;

    [FieldOffset(8)]
    private void* _pointer;

    [FieldOffset(8)]
    private long _long;

    [FieldOffset(8)]
    private int _int;

    [FieldOffset(16)]
    private nuint _size;

    [FieldOffset(16)]
    private void* _headerValue;

    [FieldOffset(24)]
    private nint _headerSize;

    // Only the members in use are written: the array of fields lies uninitialised on the stack.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetPointer(MessageFieldKind kind, void* pointer)
    {
        _kind = kind;
        _pointer = pointer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetInt(MessageFieldKind kind, int value)
    {
        _kind = kind;
        _int = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetLong(MessageFieldKind kind, long value)
    {
        _kind = kind;
        _long = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetBytes(MessageFieldKind kind, void* bytes, int size)
    {
        _kind = kind;
        _pointer = bytes;
        _size = (nuint)size;
    }

    /// <param name="name">Zero-terminated.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetHeader(byte* name, void* value, int size)
    {
        _kind = MessageFieldKind.Header;
        _pointer = name;
        _headerValue = value;
        _headerSize = size;
    }
}
