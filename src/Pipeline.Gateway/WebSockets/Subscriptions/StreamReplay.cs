using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>What a client gets of a stream before it is in its room: the snapshot, or what it missed. Only for the hub's thread.</summary>
internal sealed class StreamReplay(HubView view)
{
    // A client may come from a gateway that is ahead of this one, not by more.
    private const long MostAhead = 1_000_000;

    private readonly List<HeldRecord> _records = [];

    /// <summary>Whether everything of a stream after an offset can be had, now or soon.</summary>
    public bool CanRecover(MarketStream stream, string epoch, long seq) =>
        epoch.Length > 0
        && epoch == view.LogId
        && seq >= stream.Window.CompleteAfter
        && seq < view.PositionOf(stream) + MostAhead;

    /// <summary>Sends how things stand.</summary>
    /// <returns>Records sent.</returns>
    public int SendSnapshot(IOutlet outlet, Membership membership)
    {
        var stream = membership.Stream;
        _records.Clear();
        stream.Latest.CopyTo(_records, membership.IsMinor);
        foreach (var record in _records)
        {
            var message = view.Frames.Make(stream, record, isSnapshot: true);
            var (delivery, key) = DeliveryOf(stream, record);
            outlet.Post(message, delivery, key);
        }

        return _records.Count;
    }

    /// <summary>
    /// Sends what comes after the cursor, in portions, and moves it. What newer records replace is sent as its newest, told by
    /// <c>conflated</c>.
    /// </summary>
    /// <param name="portion">Records at most.</param>
    public ReplayState Send(IOutlet outlet, Membership membership, int portion)
    {
        var stream = membership.Stream;
        var window = stream.Window;
        if (membership.Cursor < window.CompleteAfter)
        {
            return ReplayState.Lost;
        }

        if (membership.Cursor >= view.PositionOf(stream))
        {
            // Another gateway was ahead of this one: what comes until then, the client has.
            return ReplayState.Ahead;
        }

        var replaced = 0;
        var sent = 0;
        for (var i = window.IndexAfter(membership.Cursor); i < window.Count; i++)
        {
            var record = window[i];
            if (record.Value.IsEmpty)
            {
                replaced++;
                continue;
            }

            if (sent++ == portion)
            {
                return ReplayState.More;
            }

            outlet.Post(view.Frames.Make(stream, record, isSnapshot: false), Delivery.Required);
            membership.Cursor = record.Offset;
            replaced = 0;
        }

        SendNewest(outlet, membership, replaced);
        return ReplayState.UpToDate;
    }

    /// <summary>Of quotes, books and forming candles the newest stand for those before them.</summary>
    private void SendNewest(IOutlet outlet, Membership membership, int replaced)
    {
        if (replaced == 0)
        {
            return;
        }

        _records.Clear();
        membership.Stream.Latest.CopyTo(_records, membership.IsMinor, membership.Cursor);
        var conflated = Math.Max(0, replaced - _records.Count);
        foreach (var record in _records)
        {
            var message = view.Frames.Make(membership.Stream, record, isSnapshot: false, conflated);
            var (delivery, key) = DeliveryOf(membership.Stream, record);
            outlet.Post(message, delivery, key);
            conflated = 0;
        }
    }

    private static (Delivery Delivery, object? Key) DeliveryOf(MarketStream stream, in HeldRecord record) => stream.Kind switch
    {
        // Several records that belong together: none of them may be replaced.
        DataKind.Book => (Delivery.Required, null),
        _ => HubState.DeliveryOf(stream, record.Prev != MarketStream.NoPrev),
    };
}
