"""Words of questions, by what they do: ask, point back, ask of any subject, join.

All lists are in the search copy's form (:func:`qa.text.fold`): simplified, lower case.
They are general words of the two languages; of names only the endings are listed.
"""

from qa.text.asking import ASKING, alternatives

__all__ = [
    "ASKING_EN",
    "ASKING_ZH",
    "ATTRIBUTES_EN",
    "ATTRIBUTES_ZH",
    "COURTESIES_EN",
    "COURTESIES_ZH",
    "DEMONSTRATIVES_ZH",
    "ENTITY_ENDINGS",
    "GENERIC_SUBJECTS",
    "GROUP_ENDINGS",
    "JOINING_EN",
    "JOINING_ZH",
    "LOOSE_ATTRIBUTES_ZH",
    "PREDICATES_EN",
    "PREDICATES_ZH",
    "PRONOUNS_EN",
    "PRONOUNS_ZH",
    "SURNAMES",
    "TIMES_EN",
    "TIMES_ZH",
]

COURTESIES_ZH = (
    "(?:你|您|妳|大家)(?:们)?好|哈[喽啰罗]|嗨|喂|早上好|早安|上午好|中午好|下午好|晚上好|晚安|"
    "(?:非常|十分|太|多|真是)?(?:谢谢|感谢|谢|感激)(?:你们?|您|大家|了)?|辛苦了?|"
    "好[的吧滴]|好了?|行|可以了?|[嗯哦噢唉]+|明白了?|懂了|(?:我)?(?:知道|了解|明白)了?|收到|没事了?|没关系|"
    "不客气|再见|拜拜|回头见|[你您妳]?在[吗么]|在不在|有人[吗么]|[哈呵嘿嘻]{2,}|厉害|太棒了|真棒|不错|很好|"
    "对不起|不好意思|抱歉"
)
"""What is said to whoever answers and asks nothing: greetings, thanks, yes, goodbye."""

COURTESIES_EN = (
    "hi|hello|hey|hiya|good (?:morning|afternoon|evening|night|day)|"
    "(?:many )?thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|ok|okay|great|cool|nice|"
    "bye(?: bye)?|"
    "goodbye|see you|got it|i see|never ?mind|sorry|there|everyone|well done|how are you"
)

ASKING_ZH = alternatives(
    ASKING,
    "我想知道|想知道|怎么会|哪几个|哪几|哪国|哪座|哪支|多重|多快|多宽|第几|几月份|几月|几号|几点|几个|几家|"
    "几种|几座|几次|几岁|几卷|几名|几位|几支|几年|几天|几本|几条|几台|几期|几倍|几",
)

PRONOUNS_ZH = (
    r"它们?|(?<!吉|排)他们?(?!人|国)|她们?|(?<!尤|与|极|及)其(?!实|余|他|它|次|间)|"
    r"前者|后者|两者|双方|两人|二人|[那这](?:里|儿|边)|当地|当时|那时"
)

DEMONSTRATIVES_ZH = (
    r"(?:这|那|此|上述)(?:一|两|二|三|几)?"
    r"(?:家|个|项|款|种|座|位|次|场|所|支|条|只|份|名|台|部|本|年|天)|"
    r"该(?=[公银企产机项地国城球书人校品活计政通部系])|此后|之后|后来|"
    r"第[一二三四五六七八九十\d]+(?!季度|部分|章|节)(?:家|个|项|款|种|座|位|次|场|所|支|条|名|部|本|届)?|"
    r"另外?一?(?:个|家|款|种|座)"
)

TIMES_ZH = (
    r"\d{2,4}年(?:\d{1,2}月(?:\d{1,2}[日号])?)?(?:底|初|末)?|\d{1,2}月(?:\d{1,2}[日号])?(?:底|初|份)?|"
    "今年|去年|前年|明年|后年|近年来?|目前|现在|如今|当前|最近|昨天|今天|明天|上半年|下半年|"
    "[上本下这]个?(?:月|季度|周|赛季)|第[一二三四]季度|每天|每年|每月|每周|每次"
)

TIMES_EN = (
    r"(?:1[5-9]|20)\d\d|january|february|march|april|june|july|august|september|october|november|"
    "december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|tomorrow"
)

JOINING_ZH = (
    "最(?:高|低|大|小|多|少|长|短|好|近|早|初|后|终)(?!人民|法院|检察)|优先|可以|能够|应该|难以|已经|曾经|"
    "一共|总共|总计|主要|具体|大概|大约|分别|到底|究竟|一起|通常|一般|这些|那些|首先|继续|更多|举个|多说|再说|"
    "讲讲|说说|不对|自己|别的|其他|其它|其余|别人|因为|由于|关于|对于|根据|按照|"
    "于是|还是|就是|只是|都是|不是|没有|什么的|的话|以及|或者|以前|以后|之前|从前|充满|"
    "的|了|是|着|过"
)

PREDICATES_ZH = (
    "成立于?|创立|创办|创建|建立|设立|组建|注册|推出|发布|发表|发行|发售|发放|上市|上线|上映|提出|提供|"
    "举办|举行|召开|开展|开始|开放|开通|开业|开设|实施|实行|施行|执行|落实|生效|结束|完成|竣工|完工|"
    "建成|建造|修建|重建|服务了?|覆盖|支持|帮助|解决|采用|使用|应用|利用|生产|制造|研制|研发|开发|"
    "设计|发明|发现|销售|出售|购买|投资|融资|收购|合作|合并|参加|参与|加入|退出|获得|得到|赢得|夺得|"
    "荣获|当选|担任|当上|出任|任职|就任|上任|卸任|毕业|就读|留学|上学|出生于?|生于|去世|逝世|"
    "病逝|结婚|离婚|居住|位于|坐落|属于|来自|包括|包含|分为|组成|构成|主持|负责|管理|监管|批准|通过|"
    "申请|办理|报名|预约|答复|审批|要求|需要|允许|禁止|处罚|招收|招聘|增加|减少|提高|降低|增长|下降|"
    "上升|升到|降到|达到|超过|推迟|延后|延期|提前|取消|更换|维修|修理|运送|运输|收取|评估|统计|预测|"
    "计算|发生|出现|存在|影响|导致|造成|引起|进行|打算|准备|希望|认为|表示|指出|解释|介绍|叫做|称为|"
    "出版|创作|翻译|演唱|导演|主演|播出|关闭|倒闭|破产|训练|赞助|形成|产生|分布|登记|解散"
)

ATTRIBUTES_ZH = (
    "平均|额度|年化利率|利率|期限|金额|价格|价钱|售价|票价|门票|费用|成本|净利润|利润|收入|营收|营业额|"
    "销售额|成交额|销量|产量|市值|估值|股价|资产|负债|不良率|比例|占比|份额|增长率|增速|总额|数量|数目|"
    "人数|人口|面积|体积|长度|宽度|高度|深度|海拔|温度|水温|气温|速度|重量|容量|功率|续航|寿命|年龄|身高|"
    "体重|学历|职务|职位|国籍|籍贯|生日|全称|简称|英文名|总部|地址|网址|官网|首都|省会|创始人|创办人|"
    "负责人|董事长|总经理|总裁|行长|校长|主教练|投资方|投资人|母公司|子公司|成立时间|代表作|奖金|津贴|"
    "补贴|补助|学费|工资|薪水|比分|下载量|阅读量|准确率|成功率|通过率|车程|员工数?"
)
"""Asked of a subject even where they are written onto it: 微乐贷额度."""

LOOSE_ATTRIBUTES_ZH = (
    "产品|计划|活动|公司|银行|企业|机构|项目|系统|平台|学校|大学|职业|工作|职员|成员|会员|用户|客户|股东|"
    "老板|作者|作品|教练|队长|市长|局长|馆长|丈夫|妻子|父亲|母亲|父母|儿子|女儿|孩子|老师|导师|学生|朋友|"
    "同事|对手|名字|姓名|位置|地点|地方|电话|邮箱|时间|日期|年份|原因|理由|目的|目标|意义|作用|影响|结果|后果|"
    "效果|特点|优点|缺点|优势|区别|条件|标准|规定|流程|步骤|方法|方式|渠道|范围|对象|内容|主题|定位|定义|"
    "含义|意思|背景|历史|现状|前景|颜色|形状|大小|材料|材质|成分|结构|功能|用途|性能|型号|版本|品牌|罚款|"
    "主场|战绩|冠军|得分|气候|语言|货币|距离|路程|问题|措施|政策|服务|业务|市场|行业|领域|规模|水平|能力|"
    "情况|部门|单位|网点|居民|游客|奖|人|钱|年|岁|个|家|种|次|主打|全部|所有|"
    "好处|坏处|风险|后来|发展|例子|细节|来源|意见|看法|态度"
)
"""Asked of a subject where they stand alone; within a name (微光计划) they belong to it."""

GENERIC_SUBJECTS = "公司|银行|企业|机构|平台|学校|大学|医院|项目|产品|活动|系统|基金|协会|球队"
"""What an article on a single one of them may be asked about without its name."""

ENTITY_ENDINGS = (
    "公司|银行|科技|集团|数科|消费|金服|金融|保险|证券|基金|大学|学院|中学|医院|研究院|研究所|协会|"
    "俱乐部|平台|市|省|县|区|国|州|岛|山|湖|河|江|海|潭|桥|寺|队|团|局|部|委|院|所|社|报|站|村|镇|号|版|"
    "贷|卡|计划|系统|电池|汽车|手机|规定|规则|法"
)

GROUP_ENDINGS = "户者人员民生客性童妇商前中后时期段年月日天次上下里内外边面份以类"
"""What ends a word for a group, a time or a side, not the name of another subject."""

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余于杜叶程魏苏"
    "吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾龚邵万覃武钱戴严欧莫孔向"
)

ASKING_EN = (
    "what|who|whom|whose|when|where|why|which|how|many|much|is|are|was|were|be|been|do|does|did|"
    "has|have|had|can|could|will|would|should|may|please|tell|me|long|old|big|far|tall|heavy|deep|"
    "high|large|often|kind|sort|type"
)
PRONOUNS_EN = "it|its|they|their|them|theirs|he|him|his|she|her|hers"
JOINING_EN = (
    "a|an|the|of|to|in|on|at|for|by|with|from|as|into|about|than|or|and|but|not|no|so|then|also|"
    "anything|something|everything|anyone|someone|there|here|one|ones|this|that|these|those|any|"
    "some|all|other|others|another|else|more|now|still|yet|"
    "first|second|third|last|next|former|latter|same|rest|too|ok|okay|well|up|down|out|again|"
    "you|your|i|my|we|our|s"
)
ATTRIBUTES_EN = (
    "price|cost|costs|fee|fees|size|weight|height|depth|width|length|area|population|age|name|"
    "names|date|year|time|place|location|address|capital|founder|founders|ceo|president|chairman|"
    "chairwoman|director|manager|owner|coach|captain|author|headquarters|employees|staff|members|"
    "customers|users|revenue|profit|profits|income|budget|sales|turnover|rate|interest|limit|"
    "average|duration|term|capacity|speed|range|colour|color|purpose|reason|reasons|result|"
    "results|effect|effects|number|percentage|share|details|example|examples|company|bank|team|"
    "product|products|project|plan|plans|people|person|features|benefits|risks|parents|wife|"
    "husband|children|job|nationality|language|currency|score|winner|tickets|salary"
)
PREDICATES_EN = (
    "found|founded|start|started|begin|began|begun|end|ended|open|opened|close|closed|launch|"
    "launched|release|released|publish|published|build|built|make|made|create|created|design|"
    "designed|invent|invented|discover|discovered|develop|developed|write|wrote|written|born|die|"
    "died|live|lived|work|works|worked|study|studied|graduate|graduated|marry|married|win|won|"
    "lose|lost|get|got|give|gave|given|take|took|use|used|offer|offers|offered|provide|provides|"
    "sell|sells|sold|buy|bought|pay|paid|employ|employs|serve|serves|served|run|runs|ran|lead|led|"
    "head|join|joined|leave|left|come|came|go|went|happen|happened|change|changed|need|needs|mean|"
    "means|say|said|call|called|weigh|weighs|last|lasts|own|owns|owned|located|based|finish|"
    "finished|complete|completed|says|cost|apply|reach|measure|spend|spent|move|moved"
)
