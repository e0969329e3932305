using System.Text;

namespace Pipeline.Simulator.Binance;

/// <summary>
/// A stream and the sessions that want it, kept apart by time unit: those of one unit share the encoded payload. Readers take the
/// arrays as they are; changes replace them.
/// </summary>
internal sealed class MarketStream(string name)
{
    private readonly Lock _gate = new();
    private volatile BinanceSession[] _milliseconds = [];
    private volatile BinanceSession[] _microseconds = [];

    public string Name => name;

    /// <summary>What goes before the payload in a combined frame.</summary>
    public byte[] Envelope { get; } = Encoding.UTF8.GetBytes($"{{\"stream\":\"{name}\",\"data\":");

    public bool IsWanted => _milliseconds.Length + _microseconds.Length > 0;

    public BinanceSession[] Sessions(bool microseconds) => microseconds ? _microseconds : _milliseconds;

    public void Add(BinanceSession session) => Replace(session.Microseconds, sessions => [.. sessions, session]);

    public void Remove(BinanceSession session) =>
        Replace(session.Microseconds, sessions => [.. sessions.Where(other => other != session)]);

    private void Replace(bool microseconds, Func<BinanceSession[], BinanceSession[]> change)
    {
        lock (_gate)
        {
            if (microseconds)
            {
                _microseconds = change(_microseconds);
            }
            else
            {
                _milliseconds = change(_milliseconds);
            }
        }
    }
}
