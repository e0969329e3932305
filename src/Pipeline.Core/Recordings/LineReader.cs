namespace Pipeline.Core.Recordings;

/// <summary>Splits a stream at its line ends, one line in memory at a time.</summary>
internal sealed class LineReader(Stream stream, int maxLine) : IDisposable
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _from;
    private int _to;
    private bool _hasEnded;

    /// <summary>The line without its end, valid until the next; false behind the last.</summary>
    /// <exception cref="InvalidDataException">The line is too long, or the stream is damaged.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_from + searched, _to - _from - searched).IndexOf((byte)'\n');
            if (end >= 0 || (_hasEnded && _to > _from))
            {
                var length = end >= 0 ? searched + end : _to - _from;
                line = _buffer.AsSpan(_from, length).TrimEnd((byte)'\r');
                _from = Math.Min(_to, _from + length + 1);
                return true;
            }

            if (_hasEnded)
            {
                line = default;
                return false;
            }

            searched = _to - _from;
            Fill();
        }
    }

    public void Dispose() => stream.Dispose();

    private void Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _buffer.Length)
        {
            if (_to >= maxLine && _to > 64 * 1024)
            {
                throw new InvalidDataException($"longer than {maxLine} bytes");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = stream.Read(_buffer, _to, _buffer.Length - _to);
        _to += read;
        _hasEnded = read == 0;
    }
}
