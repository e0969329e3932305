using System.Text;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Solana;

/// <summary>
/// Tells every trade as an event, to everybody, each at least once: some come twice, some in the place of their successor.
/// </summary>
internal sealed class SolanaPublisher(int seed) : IMarketListener
{
    // Of a thousand events.
    private const int Repeated = 5;
    private const int Swapped = 5;

    private static readonly (int Percent, byte[] Name)[] Kinds =
    [
        (85, "BuySellEvent"u8.ToArray()), (8, "LongShortEvent"u8.ToArray()),
        (4, "PartialCloseEvent"u8.ToArray()), (3, "FullCloseEvent"u8.ToArray()),
    ];

    private readonly SeededRandom _random = new(SeededRandom.SeedFor(seed, "program events"));
    private readonly SlotClock _slots = new();
    private readonly FrameBuilder _frame = new();
    private readonly FrameSender _sender = new() { Stream = SolanaSession.AllEvents };
    private byte[][] _mints = [];
    private byte[]? _held;

    /// <summary>Everybody who is connected.</summary>
    public Subscribers<SolanaSession> Subscribers { get; } = new();

    /// <summary>Names the mints; before the world starts.</summary>
    public void Open(IEnumerable<SymbolEngine> engines) =>
        _mints = [.. engines.Select(engine => Encoding.ASCII.GetBytes(engine.Spec.Symbol))];

    public void BeginTurn(long now)
    {
    }

    public void OnTrade(SymbolEngine engine, in EngineTrade trade)
    {
        // What an event looks like does not depend on who listens.
        var (slot, index) = _slots.Next(trade.Time);
        var kind = Kind();
        var (repeats, swaps) = (_random.Below(1000) < Repeated, _random.Below(1000) < Swapped);
        if (!Subscribers.IsWanted)
        {
            _held = null;
            return;
        }

        Write(engine.Spec, trade, kind, slot, index);
        var frame = _frame.Bare();
        if (swaps && _held is null)
        {
            _held = frame.ToArray();
            return;
        }

        Send(frame);
        if (repeats)
        {
            Send(frame);
        }

        ReleaseHeld();
    }

    public void OnAggregateTrade(SymbolEngine engine, in AggregateTrade trade)
    {
    }

    public void OnQuote(SymbolEngine engine)
    {
    }

    public void OnBookInterval(SymbolEngine engine, bool wholeSecond)
    {
    }

    public void OnKline(SymbolEngine engine, int series, in KlineBar bar, bool closed)
    {
    }

    /// <summary>An event that waits for a successor does not wait for long.</summary>
    public void OnSecond(SymbolEngine engine) => ReleaseHeld();

    public void EndTurn() => _sender.Flush();

    private byte[] Kind()
    {
        var roll = _random.Below(100);
        foreach (var (percent, name) in Kinds)
        {
            if ((roll -= percent) < 0)
            {
                return name;
            }
        }

        return Kinds[0].Name;
    }

    private void Write(SymbolSpec spec, in EngineTrade trade, byte[] kind, long slot, int index)
    {
        var signature = SolanaNames.Signature(spec.Symbol, trade.AggregateId);
        _frame.Begin();
        _frame.Text("{\"event\":\""u8).Text(kind).Text("\",\"mint\":\""u8).Text(_mints[spec.Index])
            .Text("\",\"price\":\""u8).Trimmed(trade.Price, spec.PriceDecimals)
            .Text("\",\"time\":"u8).Integer(trade.Time / UnixTime.Millisecond).Text(",\"slot\":"u8).Integer(slot)
            .Text(",\"signature\":\""u8).Text(Encoding.ASCII.GetBytes(signature)).Text("\",\"index\":"u8).Integer(index).Text("}"u8);
    }

    private void ReleaseHeld()
    {
        if (_held is { } held)
        {
            _held = null;
            Send(held);
        }
    }

    private void Send(ReadOnlySpan<byte> frame) => _sender.Send(Subscribers.Active, frame);
}
