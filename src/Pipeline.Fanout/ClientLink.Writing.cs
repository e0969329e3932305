using Pipeline.Fanout.Frames;
using Pipeline.Fanout.Sockets;

namespace Pipeline.Fanout;

/// <content>Out: what the pump does with this link.</content>
public sealed partial class ClientLink
{
    private static readonly byte[] PingFrame = [0x89, 0x00];

    /// <summary>Answer to the handshake, until it is written; null also where it is not for this link to give.</summary>
    private byte[]? _answer;

    /// <summary>Answer to the newest ping of the client; it may skip older ones (RFC 6455 §5.5.3).</summary>
    private byte[]? _pong;

    private bool _pingDue;
    private byte[]? _closeFrame;
    private bool _closeTaken;

    /// <summary>Sweep of the oldest required message among the bytes that the transport holds; null = none.</summary>
    private int? _pendingRequired;

    /// <summary>One write of what waits. Only a pump thread that took the link from the queue calls this.</summary>
    internal void Drain(PumpBuffer buffer)
    {
        var closeFrame = Take(buffer);
        var frames = buffer.Frames(_compress, closeFrame);
        var result = frames.IsEmpty ? SendResult.Done : _transport.Send(frames);
        var length = frames.Length;
        var again = false;
        lock (_outbox)
        {
            _queued = false;
            _messagesSent += buffer.Count;
            _bytesSent += length;
            if (result == SendResult.Pending && !_unblockedEarly)
            {
                _blocked = true;
                _pendingRequired = buffer.OldestRequired;
            }

            _unblockedEarly = false;
            again = result != SendResult.Broken && MustWake();
        }

        if (buffer.OldestMade != 0 && result != SendResult.Broken)
        {
            _server.Options.OnWritten?.Invoke(buffer.OldestMade);
        }

        buffer.Clear();
        if (result == SendResult.Broken)
        {
            Break();
        }
        else if (again)
        {
            Pump.Enqueue(this);
        }
        else if (_state != LinkState.Open)
        {
            TellIfAtRest();
        }
    }

    /// <returns>The close frame when it goes with this write.</returns>
    private byte[]? Take(PumpBuffer buffer)
    {
        lock (_outbox)
        {
            if (_state == LinkState.Closed)
            {
                return null;
            }

            if (_answer is { } answer)
            {
                buffer.Append(answer);
                _answer = null;
            }

            if (_pong is { } pong)
            {
                buffer.Append(pong);
                _pong = null;
            }

            if (_pingDue)
            {
                buffer.Append(PingFrame);
                _pingDue = false;
            }

            while (!buffer.IsFull && _outbox.TryTake(out var item))
            {
                buffer.Take(item);
            }

            if (_closeFrame is null || _closeTaken || _outbox.HasNext)
            {
                return null;
            }

            _closeTaken = true;
            return _closeFrame;
        }
    }

    private void OnWritable()
    {
        bool again;
        lock (_outbox)
        {
            _pendingRequired = null;
            if (!_blocked)
            {
                _unblockedEarly = true;
                return;
            }

            _blocked = false;
            again = MustWake();
        }

        if (again)
        {
            Pump.Enqueue(this);
        }
        else if (_state != LinkState.Open)
        {
            TellIfAtRest();
        }
    }
}
