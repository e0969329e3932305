using System.Buffers;
using System.IO.Pipelines;
using Pipeline.Fanout.Frames;

namespace Pipeline.Fanout;

/// <content>In: the life of a link, as its reader lives it.</content>
public sealed partial class ClientLink
{
    private FrameReader _frames;
    private int _lastSeen;
    private long _messagesReceived;
    private long _bytesReceived;

    /// <summary>Reads until the link ends. <see cref="ILinkHandler.OnClosed"/> is called whatever happens.</summary>
    internal async Task RunAsync()
    {
        try
        {
            Open();
            while (true)
            {
                var result = await _transport.Input.ReadAsync();
                var buffer = result.Buffer;
                var goesOn = await TakeFramesAsync(buffer);
                if (!goesOn || result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken by the client, by the network or by us; what is known of it is in _closure.
        }
        catch (Exception exception)
        {
            _server.HandlerFailed(this, exception);
            Close(ClosureOf(CloseCode.InternalError, "internal error"), clear: true);
        }

        await EndAsync();
    }

    /// <summary>The answer to the handshake and what the handler says at once leave in one write, by this thread.</summary>
    private void Open()
    {
        Pump.BeginHelp();
        try
        {
            _handler.OnOpened(this);
        }
        finally
        {
            WakeIfNeeded();
            Pump.EndHelp();
        }
    }

    /// <returns>False when no more is to be read.</returns>
    private ValueTask<bool> TakeFramesAsync(ReadOnlySequence<byte> buffer)
    {
        Pump.BeginHelp();
        try
        {
            return TakeAllFramesAsync(buffer);
        }
        finally
        {
            Pump.EndHelp();
        }
    }

    private ValueTask<bool> TakeAllFramesAsync(ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            var kind = _frames.Read(ref buffer);
            if (kind == FrameKind.Incomplete)
            {
                _transport.Input.AdvanceTo(buffer.Start, buffer.End);
                return new ValueTask<bool>(true);
            }

            Volatile.Write(ref _lastSeen, _server.Tick);
            if (kind == FrameKind.Message && _state == LinkState.Open)
            {
                _messagesReceived++;
                _bytesReceived += _frames.Payload.Length;
                var handled = _handler.OnMessageAsync(this, _frames.Payload, _frames.IsBinary);
                if (!handled.IsCompletedSuccessfully)
                {
                    return AfterAsync(handled, buffer);
                }
            }
            else if (!TakeControl(kind))
            {
                _transport.Input.AdvanceTo(buffer.Start);
                return new ValueTask<bool>(false);
            }

            _frames.Release();
        }
    }

    private async ValueTask<bool> AfterAsync(ValueTask handled, ReadOnlySequence<byte> rest)
    {
        await handled;
        _frames.Release();
        return await TakeFramesAsync(rest);
    }

    private void Answer(ReadOnlySequence<byte> ping)
    {
        lock (_outbox)
        {
            // Nothing goes out behind a close frame (RFC 6455 §5.5.1).
            if (_closeTaken)
            {
                return;
            }

            _pong = [0x8A, (byte)ping.Length, .. ping.FirstSpan];
        }

        WakeIfNeeded();
    }

    private LinkClosure ClosureOf(int code, string words) => new(code, _options.Reasons.GetValueOrDefault(code, words), ByPeer: false);

    /// <returns>False when the link ends with this frame.</returns>
    private bool TakeControl(FrameKind kind)
    {
        switch (kind)
        {
            case FrameKind.Ping:
                Answer(_frames.Payload);
                return true;
            case FrameKind.Close:
                Close(new LinkClosure(_frames.Code, _frames.Reason, ByPeer: true), clear: false);
                return false;
            case FrameKind.Fault:
                _server.ProtocolFault();
                Close(ClosureOf(_frames.Code, _frames.Reason), clear: true);
                return false;
            default:
                return true;
        }
    }
}
