package org.longmae.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The mapping between keys and record components: a component {@code localSteps} of the record at
 * {@code train} is the key {@code train.local-steps}. There is no second list of keys to keep. A
 * component that is a record is a section, but for {@link ImageSize}, which is one value.
 */
final class Schema {
  private static final Map<String, RecordComponent> LEAVES = leaves();

  private Schema() {}

  /** All known keys. */
  static List<String> keys() {
    return List.copyOf(LEAVES.keySet());
  }

  /** Whether the key's value is text, to be taken as it stands. */
  static boolean isText(String key) {
    RecordComponent leaf = LEAVES.get(key);
    return leaf != null && leaf.getType() == String.class;
  }

  /** Refuses the first key that no record has. */
  static void refuseUnknownKeys(Config config) {
    Map<String, ConfigValue> values = new TreeMap<>();
    config.entrySet().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    values.forEach(
        (path, value) -> {
          String key = String.join(".", ConfigUtil.splitPath(path));
          if (keys().stream().anyMatch(known -> known.startsWith(key + "."))) {
            check(false, value, key, "must be a section");
          }
          if (!LEAVES.containsKey(key)) {
            throw new ConfigException(
                key,
                String.format(
                    "%sunknown key %s%s",
                    ConfigLoader.place(value.origin()), key, NearestName.hint(key, keys())));
          }
        });
  }

  /**
   * Refuses the first key of a section that is not one of {@code known}.
   *
   * @param section its key
   */
  static void refuseOthers(ConfigValue value, String section, List<String> known) {
    check(value.valueType() == ConfigValueType.OBJECT, value, section, "must be a section");
    for (Map.Entry<String, ConfigValue> entry : ((ConfigObject) value).entrySet()) {
      String key = section + "." + entry.getKey();
      if (!known.contains(key)) {
        throw new ConfigException(
            key,
            String.format(
                "%sunknown key %s%s",
                ConfigLoader.place(entry.getValue().origin()), key, NearestName.hint(key, known)));
      }
    }
  }

  /** One value that is no part of a run's record. */
  static <T> T leaf(Class<T> type, Config config, String key) {
    @SuppressWarnings("unchecked") // leaf() gives what the type asks for, primitives boxed.
    T value = (T) leaf(type, config.getValue(key), key);
    return value;
  }

  /** Makes a record from the values below {@code prefix}. */
  static <T> T bind(Class<T> type, Config config, String prefix) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
    Object[] values =
        Arrays.stream(components)
            .map(component -> value(component, config, prefix + key(component)))
            .toArray();
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException broken) {
        throw broken;
      }
      throw new IllegalStateException("Cannot make " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make " + type, e);
    }
  }

  /** The reverse of {@link #bind}: nested maps of keys to plain values. */
  static Map<String, Object> unbind(Record made) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : made.getClass().getRecordComponents()) {
      Object value = read(component, made);
      values.put(key(component), plain(value));
    }
    return values;
  }

  private static boolean isSection(Class<?> type) {
    return type.isRecord() && type != ImageSize.class;
  }

  private static Object plain(Object value) {
    if (value instanceof ImageSize size) {
      return size.plain();
    }
    if (value instanceof Record nested) {
      return unbind(nested);
    }
    return value instanceof Enum<?> choice ? choice.name().toLowerCase(Locale.ROOT) : value;
  }

  private static Object read(RecordComponent component, Record made) {
    try {
      return component.getAccessor().invoke(made);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }

  private static Object value(RecordComponent component, Config config, String key) {
    Class<?> type = component.getType();
    if (isSection(type)) {
      return bind(type, config, key + ".");
    }
    return leaf(type, config.getValue(key), key);
  }

  private static Object leaf(Class<?> type, ConfigValue value, String key) {
    Object raw = value.unwrapped();
    if (type == int.class) {
      return whole(value, key);
    } else if (type == long.class) {
      return whole(value, key, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == double.class) {
      return number(value, key);
    } else if (type == boolean.class) {
      check(raw instanceof Boolean, value, key, "must be true or false");
      return raw;
    } else if (type == String.class) {
      check(value.valueType() != ConfigValueType.OBJECT, value, key, "must be text");
      return String.valueOf(raw);
    } else if (type.isEnum()) {
      return choice(type, value, key);
    } else if (type == List.class) {
      return numbers(value, key);
    } else if (type == ImageSize.class) {
      return imageSize(value, key);
    }
    throw new IllegalStateException("No rule for " + key + " of " + type);
  }

  private static long whole(ConfigValue value, String key, long least, long most) {
    double number = number(value, key, "must be a whole number");
    boolean fits = number == Math.rint(number) && number >= least && number <= most;
    check(fits, value, key, "must be a whole number");
    return ((Number) value.unwrapped()).longValue();
  }

  private static double number(ConfigValue value, String key) {
    return number(value, key, "must be a number");
  }

  private static double number(ConfigValue value, String key, String rule) {
    boolean finite =
        value.unwrapped() instanceof Number number && Double.isFinite(number.doubleValue());
    check(finite, value, key, rule);
    return ((Number) value.unwrapped()).doubleValue();
  }

  private static List<Double> numbers(ConfigValue value, String key) {
    check(value.valueType() == ConfigValueType.LIST, value, key, "must be a list of numbers");
    List<Double> numbers = new ArrayList<>();
    for (ConfigValue element : (ConfigList) value) {
      numbers.add(number(element, key, "must be a list of numbers"));
    }
    return numbers;
  }

  /** One number for both sides, {@code [height, width]}, or the same as text. */
  private static ImageSize imageSize(ConfigValue value, String key) {
    List<Integer> sides = new ArrayList<>();
    if (value.valueType() == ConfigValueType.STRING) {
      sides.addAll(ImageSize.sides((String) value.unwrapped()));
    } else if (value instanceof ConfigList list) {
      list.forEach(side -> sides.add(whole(side, key)));
    } else {
      sides.addAll(Collections.nCopies(2, whole(value, key)));
    }
    check(sides.size() == 2, value, key, "must be a whole number or [height, width]");
    return new ImageSize(sides.get(0), sides.get(1));
  }

  private static int whole(ConfigValue value, String key) {
    return (int) whole(value, key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static Object choice(Class<?> type, ConfigValue value, String key) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .toList();
    String name = String.valueOf(value.unwrapped());
    int index = names.indexOf(name);
    check(index >= 0, value, key, "must be one of " + names);
    return type.getEnumConstants()[index];
  }

  private static void check(boolean holds, ConfigValue value, String key, String rule) {
    if (!holds) {
      throw new ConfigException(
          key,
          String.format(
              "%s%s %s but was %s",
              ConfigLoader.place(value.origin()),
              key,
              rule,
              value.render(com.typesafe.config.ConfigRenderOptions.concise())));
    }
  }

  private static Map<String, RecordComponent> leaves() {
    Map<String, RecordComponent> leaves = new TreeMap<>();
    collect(RunConfig.class, "", leaves);
    return leaves;
  }

  private static void collect(Class<?> type, String prefix, Map<String, RecordComponent> leaves) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (isSection(component.getType())) {
        collect(component.getType(), prefix + key(component) + ".", leaves);
      } else {
        leaves.put(prefix + key(component), component);
      }
    }
  }

  /** {@code localSteps} is {@code local-steps}. */
  private static String key(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
