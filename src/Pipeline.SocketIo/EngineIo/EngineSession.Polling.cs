using Pipeline.Fanout;
using Pipeline.Fanout.Outboxes;

namespace Pipeline.SocketIo.EngineIo;

public sealed partial class EngineSession
{
    /// <summary>A poll that comes or waits during an upgrade is held so long: the client either goes over to the WebSocket, or gets its noop.</summary>
    private const int NoopDelay = 50;

    /// <summary>Answers a poll at once, or lets it wait.</summary>
    /// <param name="waiting">The poll that waits; null when it is answered.</param>
    internal Task<PollAnswer> PollAsync(out PendingPoll? waiting)
    {
        waiting = null;
        Sweep(_server.Now);
        bool overlap;
        bool peerCloses;
        lock (_gate)
        {
            if (_polling is not { } polling || _phase == Phase.Closed)
            {
                return Task.FromResult(PollAnswer.Refused);
            }

            if (_phase == Phase.Lingering)
            {
                var last = polling.Take();
                last.Add(EnginePackets.ClosePacket);
                _lingerUntil = 0;
                SweepLingering(_server.Now);
                return Task.FromResult(new PollAnswer(last));
            }

            overlap = polling.Poll is not null;
            peerCloses = polling.PeerCloses;
            if (!overlap && !peerCloses)
            {
                if (polling.HasSomething)
                {
                    return Task.FromResult(new PollAnswer(polling.Take()));
                }

                waiting = Wait(polling);
                return waiting.Answer;
            }
        }

        Finish(overlap ? EngineCloseReason.TransportError : EngineCloseReason.TransportClose);
        return Task.FromResult(peerCloses && !overlap ? PollAnswer.Of(EnginePackets.NoopPacket) : PollAnswer.Refused);
    }

    internal void OnPollAborted(PendingPoll poll)
    {
        lock (_gate)
        {
            if (_polling?.Poll != poll)
            {
                return;
            }

            _polling.Poll = null;
        }

        poll.Complete(PollAnswer.Refused);
        Finish(EngineCloseReason.TransportError);
    }

    /// <summary>Begins a request with data.</summary>
    /// <returns>False when there is no such session on polling, or one is under way already, which ends the session.</returns>
    internal bool TryBeginPost()
    {
        Sweep(_server.Now);
        lock (_gate)
        {
            if (_polling is not { } polling || _phase != Phase.Open || polling.PeerCloses)
            {
                return false;
            }

            if (!polling.IsPosting)
            {
                polling.IsPosting = true;
                return true;
            }
        }

        Finish(EngineCloseReason.TransportError);
        return false;
    }

    internal void EndPost()
    {
        lock (_gate)
        {
            _polling?.IsPosting = false;
        }
    }

    /// <summary>The client said that it closes. A poll that waits is let go; where none waits, one may be on its way.</summary>
    /// <returns>Whether the end is still to come.</returns>
    internal bool OnPeerCloses()
    {
        lock (_gate)
        {
            if (_phase == Phase.Open && _polling is { Poll: null } polling)
            {
                polling.PeerCloses = true;
                return true;
            }
        }

        Finish(EngineCloseReason.TransportClose, farewell: EnginePackets.NoopPacket);
        return false;
    }

    private bool SendPolling(SharedMessage message, Delivery delivery, object? key)
    {
        PendingPoll? poll = null;
        List<SharedMessage>? packets = null;
        lock (_gate)
        {
            if (_link is { } link)
            {
                return link.Post(message, delivery, key);
            }

            if (_phase != Phase.Open || _polling is not { } polling)
            {
                return false;
            }

            var result = polling.Outbox.Post(message, delivery, key, _server.Tick, blocked: polling.Poll is null);
            if (result == PostResult.TooMuch)
            {
                // Not here and now: the caller may be in the midst of a room that the end of this session changes.
                EngineServer.FinishSoon(this, EngineCloseReason.SlowClient);
                return false;
            }

            if (polling.Outbox.HasNext && (poll = TakePoll()) is not null)
            {
                packets = polling.Take();
            }
        }

        poll?.Complete(new PollAnswer(packets));
        return true;
    }

    private PendingPoll Wait(PollingChannel polling)
    {
        var poll = new PendingPoll(this);
        polling.Poll = poll;
        if (_probed)
        {
            HoldForUpgrade(polling);
        }

        return poll;
    }

    private void HoldForUpgrade(PollingChannel polling)
    {
        polling.NoopAt = _server.Now + NoopDelay;
        _server.SweepWithin(NoopDelay);
    }

    private PendingPoll? TakePoll()
    {
        if (_polling is not { Poll: { } poll } polling)
        {
            return null;
        }

        polling.Poll = null;
        polling.NoopAt = 0;
        return poll;
    }

    private EngineCloseReason? SweepPolling(long now, out PendingPoll? poll, out List<SharedMessage>? packets)
    {
        poll = null;
        packets = null;
        if (_polling is not { } polling)
        {
            return null;
        }

        if (polling.Poll is not null && (polling.HasSomething || (polling.NoopAt != 0 && now >= polling.NoopAt)))
        {
            poll = TakePoll();
            packets = polling.Take();
            if (packets.Count == 0)
            {
                packets.Add(EnginePackets.NoopPacket);
            }
        }

        return polling.Outbox.OldestRequired() is { } tick && _server.Tick - tick > _server.MaxAgeTicks ? EngineCloseReason.SlowClient : null;
    }
}
