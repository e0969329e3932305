using System.Text;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Puts environment variables into values: <c>${NAME}</c>, <c>${NAME:-default}</c>; <c>$${</c> is a plain <c>${</c>.</summary>
internal static class Variables
{
    /// <summary>What an editor is told of a value that is a variable.</summary>
    public const string Pattern = @"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}";

    public static Reading<string> Expand(string text, Func<string, string?> variable)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        var at = 0;
        while (text.IndexOf("${", at, StringComparison.Ordinal) is var start && start >= 0)
        {
            if (start > at && text[start - 1] == '$')
            {
                result.Append(text, at, start - 1 - at).Append("${");
                at = start + 2;
                continue;
            }

            var end = text.IndexOf('}', start);
            var value = end < 0 ? Malformed(text) : Value(text[(start + 2)..end], variable);
            if (!value.IsOk)
            {
                return value;
            }

            result.Append(text, at, start - at).Append(value.Value);
            at = end + 1;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static Reading<string> Value(string inside, Func<string, string?> variable)
    {
        var split = inside.IndexOf(":-", StringComparison.Ordinal);
        var name = split < 0 ? inside : inside[..split];
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return Malformed(inside);
        }

        var value = variable(name);
        if (split >= 0)
        {
            return string.IsNullOrEmpty(value) ? inside[(split + 2)..] : value;
        }

        return value is not null
            ? value
            : Reading<string>.Fail($"the environment variable {name} is not set", $"set it, or write ${{{name}:-default}}");
    }

    private static Reading<string> Malformed(string text) =>
        Reading<string>.Fail($"{Spelling.Quote(text)} is no variable", "write ${NAME} or ${NAME:-default}; $${ stands for a plain ${");
}
