using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>What a client gets of a stream before it is in its room: the snapshot, or what it missed. Only for the hub's thread.</summary>
internal sealed class StreamReplay(HubView view)
{
    // A client may come from a gateway that is ahead of this one, not by more.
    private const long MostAhead = 1_000_000;

    // So many places of the window, passed over because a newer record stands for them, cost about what one message does.
    private const int PlacesOfMessage = 64;

    private readonly List<HeldRecord> _records = [];

    public HubView View => view;

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
    /// <param name="cost">What it cost, in messages.</param>
    public ReplayState Send(IOutlet outlet, Membership membership, int portion, out int cost)
    {
        cost = 1;
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
        var places = 0;
        for (var i = window.IndexAfter(membership.Cursor); i < window.Count; i++)
        {
            var record = window[i];
            if (record.Value.IsEmpty)
            {
                replaced++;
                places++;
                continue;
            }

            if (sent == portion)
            {
                cost += sent + (places / PlacesOfMessage);
                return ReplayState.More;
            }

            sent++;
            outlet.Post(view.Frames.Make(stream, record, isSnapshot: false), Delivery.Required);
            membership.Cursor = record.Offset;
            replaced = 0;
        }

        cost += sent + (places / PlacesOfMessage) + SendNewest(outlet, membership, replaced);
        return ReplayState.UpToDate;
    }

    /// <summary>Of quotes, books and forming candles the newest stand for those before them.</summary>
    /// <returns>Records sent.</returns>
    private int SendNewest(IOutlet outlet, Membership membership, int replaced)
    {
        if (replaced == 0)
        {
            return 0;
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

        return _records.Count;
    }

    private static (Delivery Delivery, object? Key) DeliveryOf(MarketStream stream, in HeldRecord record) => stream.Kind switch
    {
        // Several records that belong together: none of them may be replaced.
        DataKind.Book => (Delivery.Required, null),
        _ => StreamPublisher.DeliveryOf(stream, record.Prev != MarketStream.NoPrev),
    };
}
