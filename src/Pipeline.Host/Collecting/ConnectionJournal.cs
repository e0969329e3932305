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
    // Connections that are down, and their failed attempts since; those that were open before.
    private readonly ConcurrentDictionary<string, int> _down = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Called for one event of a connection at a time.</summary>
    public void Note(FeedEvent happened)
    {
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
                Forget(happened.Connection);
                break;
            case ConnectionLost { Info.Reason: DisconnectionReason.Rotated or DisconnectionReason.Stalled }:
                break;
            case ConnectionLost lost:
                Lost(lost);
                break;
            case ConnectionGivenUp givenUp:
                CollectorLog.GivenUp(log, givenUp.Connection, givenUp.Error?.Message ?? "it ended");
                Forget(givenUp.Connection);
                break;
            case StreamsSettled { Outcome.IsConfirmed: true }:
                break;
            case StreamsSettled { Outcome: var outcome } settled:
                CollectorLog.Refused(log, settled.Connection, string.Join(", ", outcome.Streams.Take(5)), outcome.Streams.Count, outcome.Reason!);
                break;
            default:
                CollectorLog.Keeping(log, happened);
                break;
        }
    }

    private void Opened(ConnectionOpened opened)
    {
        _down.TryRemove(opened.Connection, out var failures);
        var (reason, outage) = (opened.Info.Reason, opened.Info.Outage.TotalMilliseconds);
        if (_known.TryAdd(opened.Connection, true) && failures == 0)
        {
            CollectorLog.Opened(log, opened.Connection, opened.Info.Compression == Compression.Negotiated ? ", compressed" : "");
        }
        else
        {
            CollectorLog.Recovered(log, opened.Connection, reason, outage, failures + 1);
        }

        if (opened.Info.Compression == Compression.Declined)
        {
            CollectorLog.CompressionDeclined(log, opened.Connection);
        }
    }

    private void Lost(ConnectionLost lost)
    {
        var failures = _down.AddOrUpdate(lost.Connection, lost.Info.WasConnected ? 0 : 1, (_, before) => before + (lost.Info.WasConnected ? 0 : 1));
        if (lost.Info.WasConnected)
        {
            CollectorLog.Lost(log, lost.Connection, lost.Info.Reason, CollectorLog.Describe(lost.Info), lost.Info.Lasted.TotalSeconds);
        }
        else if (lost.Info.Advice is { } advice)
        {
            CollectorLog.NeedsYou(log, lost.Connection, CollectorLog.Describe(lost.Info), advice);
        }
        else if (failures == 1 && !_known.ContainsKey(lost.Connection))
        {
            CollectorLog.Failed(log, lost.Connection, lost.Info.Reason, CollectorLog.Describe(lost.Info));
        }
    }

    private void Forget(string connection)
    {
        _down.TryRemove(connection, out _);
        _known.TryRemove(connection, out _);
    }
}
