using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Candles;

/// <content>What operators see of it.</content>
internal sealed partial class KlineSession
{
    // As for /ws: a client for which more bytes wait is slow.
    private const long SlowBytes = 1024 * 1024;

    private readonly SessionTally _tally;
    private int _rooms;

    /// <summary>Figures for operators. For any thread.</summary>
    public SessionRow Describe()
    {
        var client = Client;
        var statistics = client.Statistics();
        return _tally.Describe(
            client.Id,
            Protocol,
            client.Address,
            client.Subject,
            statistics,
            statistics.WaitingBytes > SlowBytes ? "slow" : "open",
            filters: null,
            Volatile.Read(ref _rooms));
    }

    /// <summary>The rooms it is in have changed. Only for the hub's thread.</summary>
    public void CountRooms() => Volatile.Write(ref _rooms, Joined.Count);
}
