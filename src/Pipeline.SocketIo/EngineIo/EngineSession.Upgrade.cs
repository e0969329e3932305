using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

public sealed partial class EngineSession
{
    private const int CloseNormally = 1000;

    /// <summary>The WebSocket that wants to take over.</summary>
    private ClientLink? _probe;

    private bool _probed;
    private long _probeUntil;

    /// <returns>False when the session cannot be upgraded, or somebody else is at it.</returns>
    internal bool TryBeginUpgrade(ClientLink link)
    {
        lock (_gate)
        {
            if (_phase != Phase.Open || _polling is null || _probe is not null)
            {
                return false;
            }

            _probe = link;
            _probed = false;
            _probeUntil = _server.Now + _server.UpgradeTimeout;
            return true;
        }
    }

    /// <summary>The new way works: a poll that waits has to end before the client goes over.</summary>
    internal void OnProbe(ClientLink link)
    {
        lock (_gate)
        {
            if (_probe != link)
            {
                return;
            }

            _probed = true;
            link.Post(EnginePackets.ProbeAnswer, Delivery.Required);
            if (_polling is { Poll: not null } polling)
            {
                HoldForUpgrade(polling);
            }
        }
    }

    internal void AbandonUpgrade(ClientLink link)
    {
        lock (_gate)
        {
            if (_probe == link)
            {
                _probe = null;
                _probed = false;
            }
        }
    }

    /// <summary>Moves what waits over to the WebSocket, in order and before anything newer.</summary>
    internal bool TryCompleteUpgrade(ClientLink link)
    {
        PendingPoll? poll;
        lock (_gate)
        {
            if (_phase != Phase.Open || _polling is not { } polling || _probe != link || !_probed)
            {
                return false;
            }

            poll = TakePoll();
            if (polling.PingWaits)
            {
                link.Post(EnginePackets.PingPacket, Delivery.Required);
            }

            while (polling.Outbox.TryTake(out var item))
            {
                link.Post(item.Message, item.Delivery, item.Key);
            }

            _polled = polling.Statistics();

            _probe = null;
            _polling = null;
            link.Tag = this;
            _link = link;
            _server.OnPollingEnded(this);
        }

        // No client in order still polls here.
        poll?.Complete(PollAnswer.Refused);
        _server.Metrics.OnUpgrade();
        _server.Handler.OnUpgraded(this);
        return true;
    }
}
