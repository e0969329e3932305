using System.Buffers.Binary;

namespace Pipeline.Kafka.Embedded;

/// <summary>Counts the Kafka messages in a byte stream: each is a 32-bit big-endian length and that many bytes.</summary>
internal struct FrameCounter
{
    private const int HeaderSize = sizeof(int);
    private uint _header;
    private int _headerBytes;
    private long _left;

    /// <summary>Messages whose last byte has passed.</summary>
    public long Frames { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_headerBytes < HeaderSize)
            {
                bytes = ReadHeader(bytes);
            }
            else
            {
                var skipped = (int)Math.Min(_left, bytes.Length);
                _left -= skipped;
                bytes = bytes[skipped..];
            }

            if (_headerBytes == HeaderSize && _left == 0)
            {
                Frames++;
                _headerBytes = 0;
            }
        }
    }

    private ReadOnlySpan<byte> ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (_headerBytes == 0 && bytes.Length >= HeaderSize)
        {
            _header = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            _headerBytes = HeaderSize;
            _left = _header;
            return bytes[HeaderSize..];
        }

        _header = (_header << 8) | bytes[0];
        if (++_headerBytes == HeaderSize)
        {
            _left = _header;
        }

        return bytes[1..];
    }
}
