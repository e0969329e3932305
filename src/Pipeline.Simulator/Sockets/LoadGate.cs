
namespace Pipeline.Simulator.Sockets;

/// <summary>
/// Says whether clients have taken enough for more to be made. A client that takes nothing at all is waited for only for a while;
/// then it piles up and is cut like any slow one.
/// </summary>
internal sealed class LoadGate(TimeProvider clock)
{
    private const long HighWater = 2 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, (long Taken, long Since)> _behind = [];

    public bool IsOpen(IReadOnlyList<IVenueSession> sessions)
    {
        var isWanted = false;
        var isFull = false;
        foreach (var session in sessions)
        {
            isWanted |= session.Streams.Count > 0;
            isFull |= IsBehind(session.Connection);
        }

        if (_behind.Count > sessions.Count)
        {
            _behind.Clear();
        }

        return isWanted && !isFull;
    }

    private bool IsBehind(SimulatorConnection connection)
    {
        if (connection.UnsentBytes <= Math.Min(HighWater, connection.MaxUnsentBytes / 4))
        {
            _behind.Remove(connection.Id);
            return false;
        }

        var taken = connection.BytesSent;
        if (!_behind.TryGetValue(connection.Id, out var last) || last.Taken != taken)
        {
            _behind[connection.Id] = (taken, clock.GetTimestamp());
            return true;
        }

        return clock.GetElapsedTime(last.Since) < Patience;
    }
}
