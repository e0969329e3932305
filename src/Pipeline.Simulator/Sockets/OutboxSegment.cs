namespace Pipeline.Simulator.Sockets;

/// <summary>A piece of a connection's unsent bytes.</summary>
internal sealed class OutboxSegment(byte[] buffer)
{
    public byte[] Buffer { get; } = buffer;

    public int Length { get; set; }

    /// <summary>Frames whose last byte is in this piece.</summary>
    public int Frames { get; set; }

    public int Room => Buffer.Length - Length;
}
