using System.Buffers;
using System.Text.Unicode;

namespace Pipeline.SocketIo.EngineIo;

public sealed partial class EngineSession
{
    /// <summary>Tells the handler of the session: whatever comes meanwhile waits or is out of turn.</summary>
    internal void Open()
    {
        if (!TryBeginReceive())
        {
            return;
        }

        try
        {
            _server.Handler.OnOpened(this);
        }
        catch (Exception error)
        {
            OnHandlerError(error);
        }
        finally
        {
            EndReceive();
        }
    }

    internal ValueTask OnLinkMessageAsync(ReadOnlySequence<byte> payload, bool isBinary)
    {
        if (!TryBeginReceive())
        {
            Finish(EngineCloseReason.TransportError);
            return ValueTask.CompletedTask;
        }

        ValueTask work;
        try
        {
            var packet = payload.IsSingleSegment ? payload.First : payload.ToArray();
            work = isBinary ? OnBinaryAsync(packet) : OnTextAsync(packet);
        }
        catch (Exception error)
        {
            OnHandlerError(error);
            work = ValueTask.CompletedTask;
        }

        if (work.IsCompletedSuccessfully)
        {
            EndReceive();
            return ValueTask.CompletedTask;
        }

        return EndAfterAsync(work);
    }

    /// <summary>Takes the packets of a request with data, one after the other.</summary>
    /// <returns>Whether the session is as alive as before, closes, or is broken by what came.</returns>
    internal async ValueTask<PostOutcome> OnPayloadAsync(ReadOnlyMemory<byte> body)
    {
        if (!TryBeginReceive())
        {
            Finish(EngineCloseReason.TransportError);
            return PostOutcome.Broken;
        }

        try
        {
            if (!Utf8.IsValid(body.Span))
            {
                Finish(EngineCloseReason.ParseError);
            }

            ReadOnlyMemory<byte>? rest = body;
            while (rest is not null && IsOpen)
            {
                var packet = PollingPayload.Next(ref rest);
                if (packet.Length == 1 && packet.Span[0] == EnginePackets.Close)
                {
                    return PostOutcome.PeerCloses;
                }

                await OnPolledPacketAsync(packet);
            }
        }
        catch (Exception error)
        {
            OnHandlerError(error);
        }
        finally
        {
            EndReceive();
        }

        return IsOpen || _reason == EngineCloseReason.ForcedClose ? PostOutcome.Taken : PostOutcome.Broken;
    }

    private ValueTask OnPolledPacketAsync(ReadOnlyMemory<byte> packet)
    {
        if (packet.IsEmpty || packet.Span[0] != EnginePackets.Base64)
        {
            return OnTextAsync(packet);
        }

        if (PollingPayload.DecodeBinary(packet.Span[1..]) is { } bytes)
        {
            return OnBinaryAsync(bytes);
        }

        Finish(EngineCloseReason.ParseError);
        return ValueTask.CompletedTask;
    }

    private ValueTask OnBinaryAsync(ReadOnlyMemory<byte> bytes)
    {
        OnSignOfLife();
        _server.Metrics.OnReceived(bytes.Length);
        return _server.Handler.OnMessageAsync(this, bytes, isBinary: true);
    }

    private ValueTask OnTextAsync(ReadOnlyMemory<byte> packet)
    {
        switch (packet.IsEmpty ? default : packet.Span[0])
        {
            case EnginePackets.Message:
                OnSignOfLife();
                _server.Metrics.OnReceived(packet.Length);
                return _server.Handler.OnMessageAsync(this, packet[1..], isBinary: false);
            case EnginePackets.Pong:
                OnPong();
                break;
            case EnginePackets.Noop:
                break;
            case EnginePackets.Close when packet.Length == 1:
                Finish(EngineCloseReason.TransportClose);
                break;
            default:
                Finish(EngineCloseReason.ParseError);
                break;
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask EndAfterAsync(ValueTask work)
    {
        try
        {
            await work;
        }
        catch (Exception error)
        {
            OnHandlerError(error);
        }
        finally
        {
            EndReceive();
        }
    }

    private void OnHandlerError(Exception error)
    {
        _server.OnHandlerError(error);
        Finish(EngineCloseReason.ForcedClose);
    }

    private bool TryBeginReceive()
    {
        lock (_gate)
        {
            if (_phase != Phase.Open || _receiving)
            {
                return false;
            }

            _receiving = true;
            return true;
        }
    }

    private void EndReceive()
    {
        lock (_gate)
        {
            _receiving = false;
            if (_phase == Phase.Open || _notified)
            {
                return;
            }

            _notified = true;
        }

        _server.Notify(this, _reason);
    }
}
