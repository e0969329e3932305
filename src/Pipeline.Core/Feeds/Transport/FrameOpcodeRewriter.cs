namespace Pipeline.Core.Feeds.Transport;

/// <summary>
/// Walks the bytes a WebSocket server sends, from the HTTP answer on, and makes binary frames of text frames in place. Keeps its
/// position between calls, so bytes may come in any portions. Does nothing when the answer is not 101. The reserved bits stay: a
/// compressed frame (RSV1) is compressed whatever its kind, and its length is that of the compressed payload.
/// </summary>
internal struct FrameOpcodeRewriter
{
    private const int StatusEnd = 12; // "HTTP/1.1 101"
    private Stage _stage;

    /// <summary>Bytes of the answer to the handshake so far.</summary>
    private long _answer;
    private long _bytes;

    /// <summary>Position in the current line of the answer; bytes of the frame's header still to come.</summary>
    private int _count;
    private bool _firstLineRead;
    private bool _masked;

    /// <summary>Payload still to come; its length as read so far while in the header.</summary>
    private ulong _payload;

    private enum Stage
    {
        Answer,
        FirstByte,
        SecondByte,
        Length,
        Mask,
        Payload,
        Foreign,
    }

    /// <summary>Bytes of frames so far, headers included.</summary>
    public readonly long FrameBytes => _bytes - _answer;

    public void Process(Span<byte> bytes)
    {
        _bytes += bytes.Length;
        for (var i = 0; i < bytes.Length;)
        {
            switch (_stage)
            {
                case Stage.Payload:
                    var skip = (int)Math.Min(_payload, (ulong)(bytes.Length - i));
                    _payload -= (ulong)skip;
                    i += skip;
                    _stage = _payload == 0 ? Stage.FirstByte : Stage.Payload;
                    break;
                case Stage.Foreign:
                    _answer = _bytes;
                    return;
                case Stage.FirstByte:
                    // The upper half, FIN and the reserved bits, stays: the frame is the same but for its kind.
                    if ((bytes[i] & 0x0F) == 1)
                    {
                        bytes[i]++;
                    }

                    i++;
                    _stage = Stage.SecondByte;
                    break;
                default:
                    ReadHeaderByte(bytes[i++]);
                    break;
            }
        }
    }

    private void ReadHeaderByte(byte value)
    {
        switch (_stage)
        {
            case Stage.Answer:
                ReadAnswer(value);
                break;
            case Stage.SecondByte:
                _masked = (value & 0x80) != 0;
                var length = value & 0x7F;
                _payload = length < 126 ? (ulong)length : 0;
                _count = length switch { 126 => 2, 127 => 8, _ => 0 };
                _stage = Stage.Length;
                EndLength();
                break;
            case Stage.Length:
                _payload = (_payload << 8) | value;
                _count--;
                EndLength();
                break;
            default:
                if (--_count == 0)
                {
                    BeginPayload();
                }

                break;
        }
    }

    private void EndLength()
    {
        if (_count != 0)
        {
            return;
        }

        if (_masked)
        {
            // No server may mask; the position is kept all the same, and the client will judge it.
            _count = 4;
            _stage = Stage.Mask;
        }
        else
        {
            BeginPayload();
        }
    }

    private void BeginPayload() => _stage = _payload == 0 ? Stage.FirstByte : Stage.Payload;

    /// <summary>Looks for 101 at its place in the first line, then for the empty line that ends the answer.</summary>
    private void ReadAnswer(byte value)
    {
        _answer++;
        if (value == '\n')
        {
            if (_count == 0)
            {
                _stage = Stage.FirstByte;
            }

            _firstLineRead = true;
            _count = 0;
            return;
        }

        if (value == '\r')
        {
            return;
        }

        _count++;
        if (!_firstLineRead && _count is > StatusEnd - 3 and <= StatusEnd && value != "101"u8[_count - (StatusEnd - 2)])
        {
            _stage = Stage.Foreign;
        }
    }
}
