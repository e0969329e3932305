using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;

namespace Pipeline.Host.Collecting;

/// <summary>
/// Tells of connections what an operator must know and no more: one line when one is lost, or cannot be opened at all, and one when it is
/// back, with the outage and how many attempts it took. The attempts in between are counted.
/// </summary>
internal sealed class ConnectionJournal(ILogger log)
{
    // Connections that are down, and their failed attempts since; those that were open before. Of two legs each is one of its own.
    private readonly ConcurrentDictionary<string, int> _down = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    // Connections that were said to be suspected: that requests on them are not answered either is no news.
    private readonly ConcurrentDictionary<string, bool> _suspected = new(StringComparer.Ordinal);

    /// <summary>Called for one event of a connection at a time.</summary>
    public void Note(FeedEvent happened)
    {
        NoteSuspicion(happened);
        switch (happened)
        {
            case ConnectionOpened { IsAside: true } or ConnectionLost { IsAside: true } or ConnectionRetryScheduled:
                // A replacement: what becomes of it is told by the rotation's outcome, or when data is back.
                break;
            case ConnectionOpened opened:
                Opened(opened);
                break;
            case ConnectionLost { Info.Reason: DisconnectionReason.Stopped or DisconnectionReason.Idle }:
                // We ended it; who did says so.
                Forget(NameOf(happened));
                break;
            case ConnectionLost { Info.Reason: DisconnectionReason.Rotated or DisconnectionReason.Stalled }:
                break;
            case ConnectionLost lost:
                Lost(lost);
                break;
            case ConnectionGivenUp givenUp:
                CollectorLog.GivenUp(log, givenUp.Connection, givenUp.Error?.Message ?? "it ended");
                Forget(NameOf(givenUp));
                break;
            case StreamsSettled { Outcome.IsConfirmed: true }:
            case StreamsSettled { Outcome.IsUnanswered: true } when _suspected.ContainsKey(NameOf(happened)):
                break;
            case StreamsSettled { Outcome: var outcome } settled:
                CollectorLog.Refused(log, settled.Connection, string.Join(", ", outcome.Streams.Take(5)), outcome.Streams.Count, outcome.Reason!);
                break;
            default:
                CollectorLog.Keeping(log, happened);
                break;
        }
    }

    private static string NameOf(FeedEvent happened) => happened.Leg ?? happened.Connection;

    private void NoteSuspicion(FeedEvent happened)
    {
        switch (happened)
        {
            case ConnectionSuspected:
                _suspected.TryAdd(NameOf(happened), true);
                break;
            case ConnectionCleared or ConnectionRecovered or ConnectionOpened { IsAside: false } or ConnectionLost { IsAside: false } or ConnectionGivenUp:
                _suspected.TryRemove(NameOf(happened), out _);
                break;
        }
    }

    private void Opened(ConnectionOpened opened)
    {
        var name = NameOf(opened);
        _down.TryRemove(name, out var failures);
        var (reason, outage) = (opened.Info.Reason, opened.Info.Outage.TotalMilliseconds);
        if (_known.TryAdd(name, true) && failures == 0)
        {
            CollectorLog.Opened(log, name, opened.Info.Compression == Compression.Negotiated ? ", compressed" : "");
        }
        else
        {
            CollectorLog.Recovered(log, name, reason, outage, failures + 1);
        }

        if (opened.Info.Compression == Compression.Declined)
        {
            CollectorLog.CompressionDeclined(log, name);
        }
    }

    private void Lost(ConnectionLost lost)
    {
        var name = NameOf(lost);
        var failures = _down.AddOrUpdate(name, lost.Info.WasConnected ? 0 : 1, (_, before) => before + (lost.Info.WasConnected ? 0 : 1));
        if (lost.Info.WasConnected)
        {
            CollectorLog.Lost(log, name, lost.Info.Reason, CollectorLog.Describe(lost.Info), lost.Info.Lasted.TotalSeconds);
        }
        else if (lost.Info.Advice is { } advice)
        {
            CollectorLog.NeedsYou(log, name, CollectorLog.Describe(lost.Info), advice);
        }
        else if (failures == 1 && !_known.ContainsKey(name))
        {
            CollectorLog.Failed(log, name, lost.Info.Reason, CollectorLog.Describe(lost.Info));
        }
    }

    private void Forget(string connection)
    {
        _down.TryRemove(connection, out _);
        _known.TryRemove(connection, out _);
    }
}
