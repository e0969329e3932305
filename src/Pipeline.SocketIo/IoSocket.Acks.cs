using Pipeline.Fanout;
using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo;

public sealed partial class IoSocket
{
    private Dictionary<long, PendingAck>? _acks;
    private long _lastAck;

    /// <summary>Emits an event and waits for the client's acknowledgement.</summary>
    /// <param name="timeout">How long; measured by the server's sweep, so a little more.</param>
    /// <exception cref="TimeoutException">It did not acknowledge in time.</exception>
    /// <exception cref="IoDisconnectedException">It has gone, or went meanwhile.</exception>
    /// <exception cref="InvalidOperationException">Too many acknowledgements are waited for.</exception>
    public Task<IoArguments> EmitWithAckAsync(string name, IoArguments arguments, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        var ack = new PendingAck(Namespace.Server.Engine.Now + (long)Math.Ceiling(timeout.TotalMilliseconds));
        long id;
        lock (_gate)
        {
            if (_gone)
            {
                return Task.FromException<IoArguments>(new IoDisconnectedException("The client has gone."));
            }

            _acks ??= [];
            if (_acks.Count >= Namespace.Server.Options.MaxPendingAcks)
            {
                throw new InvalidOperationException("Too many acknowledgements of this client are waited for.");
            }

            id = _lastAck++;
            _acks.Add(id, ack);
        }

        if (!Send(PacketEncoder.Event(Namespace.Prefix, name, arguments, id), Delivery.Required, null))
        {
            TakeAck(id)?.Fail(new IoDisconnectedException("The client has gone."));
        }

        Namespace.Server.Metrics.OnEmitted(1);
        return ack.Answer;
    }

    internal void Acknowledge(long id, IoArguments arguments) =>
        Send(PacketEncoder.Ack(Namespace.Prefix, arguments, id), Delivery.Required, null);

    /// <summary>Nobody waiting for it is nothing bad: it may come late.</summary>
    internal void OnAck(long id, IoArguments arguments) => TakeAck(id)?.Succeed(arguments.Copy());

    internal void SweepAcks(long now)
    {
        if (_acks is null)
        {
            return;
        }

        List<PendingAck>? late = null;
        lock (_gate)
        {
            foreach (var (id, ack) in _acks ?? [])
            {
                if (now >= ack.Until)
                {
                    (late ??= []).Add(ack);
                    _acks!.Remove(id);
                }
            }

            _acks = _acks is { Count: > 0 } ? _acks : null;
        }

        late?.ForEach(ack => ack.Fail(new TimeoutException("The client did not acknowledge in time.")));
    }

    private PendingAck? TakeAck(long id)
    {
        lock (_gate)
        {
            return _acks is not null && _acks.Remove(id, out var ack) ? ack : null;
        }
    }

    private void FailAcks()
    {
        Dictionary<long, PendingAck>? acks;
        lock (_gate)
        {
            acks = _acks;
            _acks = null;
        }

        foreach (var (_, ack) in acks ?? [])
        {
            ack.Fail(new IoDisconnectedException("The client has gone before it acknowledged."));
        }
    }
}
