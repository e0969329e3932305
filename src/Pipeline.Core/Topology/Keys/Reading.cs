using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A value, or why there is none.</summary>
[SuppressMessage("Usage", "CA2225", Justification = "Internal: the implicit conversion is the only form used.")]
internal sealed record Reading<T>
{
    private readonly T? _value;

    private Reading(T? value, string message, string hint)
    {
        _value = value;
        Message = message;
        Hint = hint;
    }

    public bool IsOk => Message.Length == 0;

    public T Value => IsOk ? _value! : throw new InvalidOperationException(Message);

    public string Message { get; }

    public string Hint { get; }

    public static implicit operator Reading<T>(T value) => new(value, "", "");

    [SuppressMessage("Design", "CA1000", Justification = "The other way to make one, beside the conversion.")]
    public static Reading<T> Fail(string message, string hint = "") => new(default, message, hint);
}
