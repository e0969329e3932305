using System.Text;
using Pipeline.Core.Feeds;

namespace Pipeline.Core.Recordings;

/// <summary>Reads the entries of one block, and trusts none of its numbers. For one thread.</summary>
public sealed class BlockScanner
{
    private const int MaxName = 512;
    private const int MaxConnections = 65_536;
    private const int MaxFrames = 65_536;

    private readonly List<(string Venue, string Connection)> _connections = [];
    private byte[] _bytes = [];
    private int _length;
    private int _at;
    private long _lastTime;

    /// <summary>Bytes of the block behind what was read.</summary>
    public int At => _at;

    /// <summary>The block, which must stay as it is until it is read.</summary>
    public void Begin(byte[] bytes, int length)
    {
        (_bytes, _length, _at, _lastTime) = (bytes, length, 0, 0);
        _connections.Clear();
    }

    /// <summary>False at the end of the block.</summary>
    /// <exception cref="InvalidDataException">What stands there is no entry.</exception>
    public bool TryRead(RecordedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        while (_at < _length)
        {
            switch (_bytes[_at++])
            {
                case RecordingBlock.Connection when _connections.Count < MaxConnections:
                    _connections.Add((ReadName(), ReadName()));
                    break;
                case RecordingBlock.Batch:
                    ReadBatch(batch);
                    return true;
                default:
                    throw new InvalidDataException("an unknown entry");
            }
        }

        return false;
    }

    private void ReadBatch(RecordedBatch batch)
    {
        var number = Count(_connections.Count - 1, "a connection");
        var (venue, connection) = _connections[number];
        var zigzag = (ulong)Integer();
        _lastTime += (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
        batch.Begin(venue, connection, _lastTime, new FrameOrigin(Integer(), Integer(), Count(int.MaxValue, "a number of legs")));
        var frames = Count(MaxFrames, "a number of frames");
        for (var i = 0; i < frames; i++)
        {
            var length = Count(_length - _at, "a frame");
            var beyond = Integer();
            if (beyond < 0 || length > _length - _at)
            {
                throw new InvalidDataException("a frame longer than its block");
            }

            batch.Add(_bytes.AsSpan(_at, length), length + beyond);
            _at += length;
        }
    }

    private string ReadName()
    {
        var length = Count(Math.Min(MaxName, _length - _at), "a name");
        var name = Encoding.UTF8.GetString(_bytes, _at, length);
        _at += length;
        return name;
    }

    private int Count(long most, string what)
    {
        var value = Integer();
        return value >= 0 && value <= most ? (int)value : throw new InvalidDataException($"{what} out of bounds");
    }

    private long Integer()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && _at < _length; shift += 7)
        {
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }

        throw new InvalidDataException("an unfinished number");
    }
}
