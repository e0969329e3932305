using System.Collections.Concurrent;

namespace Pipeline.History.Engine;

/// <summary>Connections that read, made when they are first needed.</summary>
internal sealed class ReadPool(string path, int size) : IDisposable
{
    private readonly ConcurrentBag<ReadConnection> _idle = [];
    private readonly SemaphoreSlim _room = new(size, size);
    private volatile bool _isDisposed;

    /// <summary>Waits for a connection without holding a thread, then asks it on the pool.</summary>
    public async Task<CandlePage> ReadAsync(CandleQuery query, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        return await Task.Run(() => ReadAndRelease(query), CancellationToken.None);
    }

    /// <summary>As <see cref="ReadAsync"/>, on the caller's thread.</summary>
    public CandlePage Read(in CandleQuery query)
    {
        _room.Wait();
        return ReadAndRelease(query);
    }

    private CandlePage ReadAndRelease(in CandleQuery query)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var connection = _idle.TryTake(out var idle) ? idle : new ReadConnection(path);
            try
            {
                return connection.Read(query);
            }
            finally
            {
                _idle.Add(connection);
            }
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Waits until nobody reads, then closes.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        for (var i = 0; i < size; i++)
        {
            _room.Wait();
        }

        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }

        // Who still comes finds room and is told.
        _room.Release(size);
    }
}
