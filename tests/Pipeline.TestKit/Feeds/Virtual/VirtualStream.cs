using System.Buffers.Text;
using System.Text;

namespace Pipeline.TestKit.Feeds.Virtual;

/// <summary>One stream of trades with contiguous ids. It makes them by itself, whoever listens, and remembers which there are.</summary>
public sealed class VirtualStream : IVirtualEvent
{
    /// <summary>So many digits that the frame's length never changes.</summary>
    private const long IdBase = 100_000_000_000;

    private const int IdDigits = 12;
    private const int TimeDigits = 13;

    private readonly VirtualVenue _venue;
    private readonly byte[] _frame;
    private readonly int _idAt;
    private readonly int[] _timesAt;

    internal VirtualStream(VirtualVenue venue, string name, TimeSpan interval, bool isRegular)
    {
        _venue = venue;
        Name = name;
        Symbol = name[..name.IndexOf('@', StringComparison.Ordinal)].ToUpperInvariant();
        Interval = interval;
        IsRegular = isRegular;
        FirstId = IdBase + (venue.StreamCount * 1_000_000L);
        LastId = FirstId - 1;
        var text = $"{{\"stream\":\"{name}\",\"data\":{{\"e\":\"trade\",\"E\":TTTTTTTTTTTTT,\"s\":\"{Symbol}\",\"t\":IIIIIIIIIIII,"
            + "\"p\":\"91234.56000000\",\"q\":\"0.00150000\",\"T\":TTTTTTTTTTTTT,\"m\":true,\"M\":true}}";
        _frame = Encoding.ASCII.GetBytes(text);
        _idAt = text.IndexOf(new string('I', IdDigits), StringComparison.Ordinal);
        var time = new string('T', TimeDigits);
        _timesAt = [text.IndexOf(time, StringComparison.Ordinal), text.LastIndexOf(time, StringComparison.Ordinal)];
    }

    /// <summary>Such as <c>btcusdt@trade</c>.</summary>
    public string Name { get; }

    public string Symbol { get; }

    /// <summary>Time between two trades: always, or on average where they come at random.</summary>
    public TimeSpan Interval { get; set; }

    public bool IsRegular { get; }

    public long FirstId { get; }

    /// <summary>The newest; one less than <see cref="FirstId"/> before the first.</summary>
    public long LastId { get; private set; }

    /// <summary>Trades made so far.</summary>
    public long Count => LastId - FirstId + 1;

    /// <summary>When the newest was made.</summary>
    public TimeSpan LastAt { get; private set; }

    /// <summary>Nothing of it reaches anybody while this is so, though trades go on.</summary>
    public bool IsMuted { get; set; }

    /// <summary>Listeners; replaced whole, so that one who leaves in the middle of a round disturbs nobody.</summary>
    internal VirtualSocket[] Sockets { get; private set; } = [];

    void IVirtualEvent.Happen()
    {
        if (!_venue.IsHalted)
        {
            Trade();
        }

        _venue.Agenda.In(Wait(), this);
    }

    /// <summary>Makes one trade now.</summary>
    public void Trade()
    {
        LastId++;
        LastAt = _venue.Now;
        if (Sockets.Length == 0)
        {
            return;
        }

        Utf8Formatter.TryFormat(LastId, _frame.AsSpan(_idAt), out _);
        var milliseconds = _venue.ClockMilliseconds;
        foreach (var at in _timesAt)
        {
            Utf8Formatter.TryFormat(milliseconds, _frame.AsSpan(at), out _);
        }

        if (IsMuted || _venue.IsMute)
        {
            return;
        }

        foreach (var socket in Sockets)
        {
            socket.Publish(this, _frame);
        }
    }

    internal TimeSpan Wait() => IsRegular ? Interval : -Math.Log(1 - _venue.Random.NextDouble()) * Interval;

    internal void Add(VirtualSocket socket) => Sockets = [.. Sockets, socket];

    internal void Remove(VirtualSocket socket) => Sockets = [.. Sockets.Where(one => one != socket)];
}
