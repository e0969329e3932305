using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Pipeline.Simulator.Sockets;

/// <summary>The read and the write loop.</summary>
internal sealed partial class SimulatorConnection
{
    private static bool IsEnd(Exception e) =>
        e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private static async Task FinishAsync(Task writing)
    {
        try
        {
            await writing;
        }
        catch (Exception e) when (IsEnd(e))
        {
            // As above: the socket is gone.
        }
    }

    private async Task ReadAsync(IVenueSession session, ClientFrameReader reader)
    {
        try
        {
            while (await reader.ReadAsync(_ended.Token) is var opcode and >= 0)
            {
                Ledger.Counts.Received(opcode);
                if (_transcript is { IsOn: true } transcript)
                {
                    transcript.Note(Id, Ledger.Venue, isIn: true, (byte)opcode, reader.Payload.Span, reader.Length);
                }

                if (Faults.IsDead)
                {
                    continue;
                }

                if (opcode == Opcode.Close)
                {
                    EchoClose(reader.Payload.Span);
                    return;
                }

                // After our close frame nothing the client sends matters, except its own.
                if (!_closeSent)
                {
                    Dispatch(session, reader, opcode);
                }
            }
        }
        catch (ClientFrameException e)
        {
            Close(e.Code, e.Message);
        }
    }

    private static void Dispatch(IVenueSession session, ClientFrameReader reader, int opcode)
    {
        var payload = reader.Payload.Span;
        switch (opcode)
        {
            case Opcode.Ping:
                session.OnPing(payload);
                break;
            case Opcode.Pong:
                session.OnPong(payload);
                break;
            case Opcode.Text when reader.Length == payload.Length && !Utf8.IsValid(payload):
                throw new ClientFrameException(CloseCode.InvalidText, "text is not UTF-8");
            default:
                session.OnMessage(payload, reader.Length);
                break;
        }
    }

    private void EchoClose(ReadOnlySpan<byte> payload)
    {
        var code = payload.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (code == 0 ? payload.Length == 1 : !CloseCode.MaySend(code))
        {
            code = CloseCode.ProtocolError;
            payload = default;
        }

        Close(code, payload.Length > 2 ? Encoding.UTF8.GetString(payload[2..]) : "", endReason: null);
    }

    private async Task WriteAsync()
    {
        try
        {
            await WriteAllAsync();
        }
        catch
        {
            // The read loop may be waiting for a client that will never hear from us again.
            await _ended.CancelAsync();
            throw;
        }
    }

    private async Task WriteAllAsync()
    {
        while (await _outbox.TakeAsync(_ended.Token) is { } segments)
        {
            while (segments.TryDequeue(out var segment))
            {
                var (length, frames) = (segment.Length, segment.Frames);
                try
                {
                    await _stream.WriteAsync(segment.Buffer.AsMemory(0, length), _ended.Token);
                }
                catch
                {
                    Return(segment, segments);
                    throw;
                }

                Interlocked.Add(ref _bytesSent, length);
                Interlocked.Add(ref _framesSent, frames);
                Ledger.Counts.Sent(frames, length);
                _outbox.Sent(segment);
            }
        }
    }

    private static void Return(OutboxSegment failed, Queue<OutboxSegment> rest)
    {
        ArrayPool<byte>.Shared.Return(failed.Buffer);
        while (rest.TryDequeue(out var segment))
        {
            ArrayPool<byte>.Shared.Return(segment.Buffer);
        }
    }
}
