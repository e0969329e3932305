using Pipeline.Fanout.Outboxes;

namespace Pipeline.Fanout.Sockets;

/// <summary>A pump's own place to put together what goes to one client in one write.</summary>
internal sealed class PumpBuffer
{
    /// <summary>Bytes after which a write is full, and the next link has its turn.</summary>
    public const int Limit = 64 * 1024;

    private const int MaxItems = 1024;

    private readonly OutboxItem[] _items = new OutboxItem[MaxItems];
    private byte[] _bytes = new byte[Limit * 2];
    private int _length;
    private int _taken;

    /// <summary>Messages taken.</summary>
    public int Count { get; private set; }

    /// <summary>Sweep of the oldest required message among them; null when there is none.</summary>
    public int? OldestRequired { get; private set; }

    /// <summary>When the oldest message among them was made; 0 when none says so.</summary>
    public long OldestMade { get; private set; }

    public bool IsFull => Count == MaxItems || _length + _taken >= Limit;

    public void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
        _length = 0;
        _taken = 0;
        OldestRequired = null;
        OldestMade = 0;
        if (_bytes.Length > 4 * Limit)
        {
            _bytes = new byte[Limit * 2];
        }
    }

    public void Take(in OutboxItem item)
    {
        _items[Count++] = item;
        _taken += item.Message.FrameLength;
        if (item.Message.MadeAt is var made and not 0 && (OldestMade == 0 || made < OldestMade))
        {
            OldestMade = made;
        }

        if (item.Delivery == Delivery.Required)
        {
            OldestRequired ??= item.Tick;
        }
    }

    /// <summary>Bytes that go as they are: a control frame.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < _length + bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>All that was taken and appended, as one run of bytes; a single message is not copied for it.</summary>
    /// <param name="trailer">Goes behind the messages: a close frame.</param>
    public ReadOnlySpan<byte> Frames(bool compress, byte[]? trailer)
    {
        if (Count == 1 && _length == 0 && trailer is null)
        {
            return _items[0].Message.FrameFor(_items[0].Conflated, compress);
        }

        for (var i = 0; i < Count; i++)
        {
            Append(_items[i].Message.FrameFor(_items[i].Conflated, compress));
        }

        Append(trailer);
        return _bytes.AsSpan(0, _length);
    }
}
