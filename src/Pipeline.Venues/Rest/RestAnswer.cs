using System.Buffers;

namespace Pipeline.Venues.Rest;

/// <summary>The body of an answer in pooled memory; to be disposed once read.</summary>
internal sealed class RestAnswer : IDisposable
{
    private byte[]? _buffer;
    private int _length;

    private RestAnswer(byte[] buffer) => _buffer = buffer;

    public ReadOnlyMemory<byte> Body => (_buffer ?? throw new ObjectDisposedException(nameof(RestAnswer))).AsMemory(0, _length);

    /// <summary>Reads a stream to its end; null when there are more than <paramref name="most"/> bytes.</summary>
    /// <param name="expected">Size to begin with; it need not be right.</param>
    public static async Task<RestAnswer?> ReadAsync(Stream body, long expected, int most, CancellationToken cancellation)
    {
        // One byte of room beyond the end is needed to see that it is the end.
        var answer = new RestAnswer(ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected + 1, 4096, most + 1L)));
        try
        {
            while (await body.ReadAsync(answer.Room(), cancellation) is var read and > 0)
            {
                answer._length += read;
                if (answer._length > most)
                {
                    answer.Dispose();
                    return null;
                }
            }

            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Memory<byte> Room()
    {
        if (_length == _buffer!.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_length * 2);
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_length);
    }
}
