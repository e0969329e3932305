using System.Buffers;
using System.IO.Pipelines;

namespace Pipeline.Fanout.Sockets;

/// <summary>TLS, and upgraded HTTP requests: writes go through the pipe of the connection, one flush at a time.</summary>
internal sealed class PipeTransport(PipeReader input, PipeWriter output, Action abort) : LinkTransport(input)
{
    private int _pending;

    public override int PendingBytes => Volatile.Read(ref _pending);

    public override SendResult Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            output.Write(bytes);
        }
        catch (Exception)
        {
            // A pipe that was completed, or whose stream failed: there are many exceptions for it.
            return SendResult.Broken;
        }

        Volatile.Write(ref _pending, bytes.Length);
        var flushing = FlushAsync();
        if (flushing.IsCompleted)
        {
            return flushing.Result ? SendResult.Done : SendResult.Broken;
        }

        flushing.GetAwaiter().UnsafeOnCompleted(Writable!);
        return SendResult.Pending;
    }

    public override void Abort() => abort();

    private async Task<bool> FlushAsync()
    {
        var alive = false;
        try
        {
            alive = await output.FlushAsync() is { IsCompleted: false, IsCanceled: false };
        }
        catch (Exception)
        {
            // As above; the next write, or the reader, finds it broken.
        }

        Volatile.Write(ref _pending, 0);
        return alive;
    }
}
