using System.Text;

namespace Pipeline.EndToEndTests.Load;

/// <summary>What one client got of one stream: all trades, or all final candles, and how far it is. Written by the thread that reads.</summary>
internal sealed class Trail(string stream)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(stream);
    private long _lastSeq = -1;
    private int _sinceMove;

    public string Stream => stream;

    /// <summary>Of its newest message of any kind; -1 before the first.</summary>
    public long LastSeq => Volatile.Read(ref _lastSeq);

    /// <summary>Trades or final candles since it came to where it is.</summary>
    public int SinceMove => Volatile.Read(ref _sinceMove);

    /// <summary>Trades or final candles, in order of arrival.</summary>
    public List<TrailRecord> Records { get; } = [];

    /// <summary>Messages that came twice, too late, or not next to the one before.</summary>
    public List<string> Faults { get; } = [];

    public bool IsOf(ReadOnlySpan<byte> stream) => stream.SequenceEqual(_name);

    public void Moved() => Volatile.Write(ref _sinceMove, 0);

    /// <param name="port">Of the gateway that sent it.</param>
    public void Take(ReadOnlySpan<byte> message, int port)
    {
        var seq = SwarmClient.Integer(message, ",\"seq\":"u8);
        if (seq <= _lastSeq)
        {
            Faults.Add($"{stream}: {seq} after {_lastSeq}, from {port}");
        }

        if (message.IndexOf(",\"prev\":"u8) >= 0)
        {
            TakeNext(new TrailRecord(seq, IdOf(message), port), SwarmClient.Integer(message, ",\"prev\":"u8));
        }

        Volatile.Write(ref _lastSeq, seq);
    }

    /// <summary>What tells a record from others of its stream: the number of a trade, the beginning of a candle.</summary>
    public static long IdOf(ReadOnlySpan<byte> record) =>
        SwarmClient.Integer(record, "\"openTime\":"u8) is var openTime and >= 0 ? openTime : SwarmClient.Integer(record, "\"id\":"u8);

    private void TakeNext(TrailRecord record, long prev)
    {
        if (Records is [.., var last] && prev != last.Seq)
        {
            Faults.Add($"{stream}: {record.Seq} says it follows {prev}, and came after {last.Seq}, from {record.Port}");
        }

        Records.Add(record);
        Volatile.Write(ref _sinceMove, _sinceMove + 1);
    }
}
