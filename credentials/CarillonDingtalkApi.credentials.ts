import { dingtalk } from '../src/services/dingtalk/dingtalk.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonDingtalkApi extends credential(dingtalk) {}
