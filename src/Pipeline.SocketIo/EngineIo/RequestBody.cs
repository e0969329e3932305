using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>The whole body of a request in one borrowed piece, as long as it is not too large.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 4096;

    private byte[] _buffer = [];
    private int _length;

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <returns>False when there is more than <paramref name="max"/>.</returns>
    public async ValueTask<bool> ReadAsync(HttpRequest request, int max)
    {
        if (request.ContentLength > max)
        {
            return false;
        }

        // Not as much as is announced: announcing costs the client nothing.
        Reserve(FirstBytes);
        while (true)
        {
            var result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            var fits = _length + result.Buffer.Length <= max;
            if (fits)
            {
                Reserve(_length + (int)result.Buffer.Length);
                result.Buffer.CopyTo(_buffer.AsSpan(_length));
                _length += (int)result.Buffer.Length;
            }

            request.BodyReader.AdvanceTo(result.Buffer.End);
            if (!fits || result.IsCompleted)
            {
                return fits;
            }
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Reserve(int bytes)
    {
        if (bytes <= _buffer.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Dispose();
        _buffer = larger;
    }
}
