namespace Pipeline.Tests.Recordings;

/// <summary>A disk that takes nothing while it is blocked: a writer waits there.</summary>
internal sealed class StuckStream : MemoryStream
{
    private readonly ManualResetEventSlim _open = new(true);

    public void Block() => _open.Reset();

    public void Open() => _open.Set();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _open.Wait();
        base.Write(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        // What was written can still be read.
        base.Dispose(disposing);
    }
}
