using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Control;

/// <summary>Reads query values.</summary>
internal static class ControlInput
{
    /// <summary>The value, or <paramref name="fallback"/> when it is not given.</summary>
    /// <exception cref="ControlException">It is no whole number within the bounds.</exception>
    public static long Integer(HttpContext context, string name, long fallback, long least, long most)
    {
        var text = context.Request.Query[name].ToString();
        if (text.Length == 0)
        {
            return fallback;
        }

        var whole = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        return whole && value >= least && value <= most
            ? value
            : throw new ControlException(StatusCodes.Status400BadRequest, $"{name} must be a whole number from {least} to {most}.");
    }
}
