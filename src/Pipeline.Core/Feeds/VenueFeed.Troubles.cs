using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Core.Feeds;

/// <content>Which streams are wished for and not subscribed to.</content>
public sealed partial class VenueFeed
{
    /// <summary>What became of wishes on a connection.</summary>
    private void Settled(IPooledConnection connection, SubscriptionOutcome outcome)
    {
        _pool.Settled(connection, outcome);
        NoteRefusals(outcome);
        TellReady();
    }

    private void NoteRefusals(SubscriptionOutcome outcome)
    {
        if (outcome.Action != SubscriptionAction.Subscribe || (outcome.IsConfirmed && _refusals.IsEmpty))
        {
            return;
        }

        foreach (var stream in outcome.Streams)
        {
            if (outcome.IsConfirmed)
            {
                _refusals.TryRemove(stream, out _);
            }
            else
            {
                _refusals[stream] = outcome.Reason!;
            }
        }
    }

    /// <summary>Nobody wants the stream any more.</summary>
    private void LetGo(string stream)
    {
        _quarantine.Remove(stream);
        _refusals.TryRemove(stream, out _);
    }

    private StreamTroubles FindTroubles()
    {
        var states = new Dictionary<string, StreamState>(StringComparer.Ordinal);
        foreach (var connection in _pool.Connections)
        {
            if (connection.Statistics is { IsRunning: true } statistics && statistics.Confirmed < statistics.Streams)
            {
                AddUnconfirmed(connection, states);
            }
        }

        var streams = _pool.Streams;
        return StreamTroubles.Of(streams.Where(stream => stream.Connection is null || states.ContainsKey(stream.Name))
            .Select(stream => Describe(stream, states.GetValueOrDefault(stream.Name))));
    }

    private static void AddUnconfirmed(IPooledConnection connection, Dictionary<string, StreamState> states)
    {
        foreach (var (stream, state) in connection.States)
        {
            if (state != StreamState.Confirmed)
            {
                states[stream] = state;
            }
        }
    }

    private StreamTrouble Describe(StreamStatistics stream, StreamState state)
    {
        var (name, connection) = (stream.Name, stream.Connection);
        return this switch
        {
            _ when connection is null => new StreamTrouble(name, null, StreamTroubleKind.Unplaced, "no connection has taken it yet"),
            _ when _quarantine.Has(name) =>
                new StreamTrouble(name, connection, StreamTroubleKind.Refused, _refusals.GetValueOrDefault(name, "refused by the venue")),
            _ when state == StreamState.Failed =>
                new StreamTrouble(name, connection, StreamTroubleKind.Unanswered, _refusals.GetValueOrDefault(name, "not answered in time")),
            _ => new StreamTrouble(name, connection, StreamTroubleKind.Unconfirmed, "not acknowledged yet"),
        };
    }
}
